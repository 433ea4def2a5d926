'use client'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useStage } from '@/components/player/lesson-stage'
import { clock } from '@/lib/time'
import { Post, postAction } from './post'
import { PostForm } from './post-form'
import { questionDoor, useAnswers, useQuestionAction, type Answer, type Question } from './use-questions'

type Props = { question: Question; opened: boolean }

/** A question with its answers, which show when it is opened. */
export function QuestionCard({ question, opened }: Props) {
  const t = useTranslations('questions')
  const { player, course } = useStage()
  const [open, setOpen] = useState(opened)
  const [doing, setDoing] = useState<'answer' | 'edit' | null>(null)
  const more = question.answer_count > question.answers.length
  const all = useAnswers(question, open && more)
  const answers = all.data ?? question.answers
  const close = () => setDoing(null)
  const edit = useQuestionAction(
    question.lesson_id,
    (body: { title: string; body: string }) => questionDoor.edit(question.id, body),
    close,
  )
  const remove = useQuestionAction(question.lesson_id, () => questionDoor.remove(question.id))
  const reply = useQuestionAction(question.lesson_id, (body: string) => questionDoor.answer(question.id, body), close)
  // Who asked and who teaches accept an answer.
  const mayAccept = question.mine || course.access.state === 'owner'
  return (
    <article
      className="grid gap-2 rounded-2xl border border-line bg-surface p-4"
      aria-label={question.title || question.body.slice(0, 80)}
    >
      <div className="flex items-start justify-between gap-3">
        {question.title && <h2 className="text-lg leading-snug font-bold">{question.title}</h2>}
        {question.at_ms !== null && (
          <button
            type="button"
            aria-label={t('jump', { time: clock(question.at_ms) })}
            onClick={() => player.current?.seek(question.at_ms ?? 0)}
            className="-my-2 h-11 shrink-0 rounded-full px-3 text-sm font-bold text-accent-strong tabular-nums hover:bg-accent-soft"
          >
            {clock(question.at_ms)}
          </button>
        )}
      </div>
      {doing === 'edit' ? (
        <PostForm
          titled
          first={{ title: question.title, body: question.body }}
          label={t('askBody')}
          send={t('save')}
          busy={edit.isPending}
          error={edit.error}
          onSend={(written) => edit.mutate(written)}
          onCancel={close}
        />
      ) : (
        <Post
          author={question.author.display_name}
          mine={question.mine}
          writtenAt={question.created_at}
          editedAt={question.updated_at}
          body={question.body}
          error={remove.error}
          onEdit={() => setDoing('edit')}
          onRemove={() => remove.mutate(undefined)}
          actions={
            <>
              <button type="button" aria-expanded={open} className={postAction} onClick={() => setOpen(!open)}>
                {t('answers', { count: question.answer_count })}
              </button>
              <button
                type="button"
                className={postAction}
                onClick={() => {
                  setOpen(true)
                  setDoing('answer')
                }}
              >
                {t('answer')}
              </button>
            </>
          }
        />
      )}
      {open && answers.length > 0 && (
        <ul className="grid gap-4 border-l-3 border-line pl-4">
          {answers.map((each) => (
            <li key={each.id}>
              <AnswerPost answer={each} question={question} mayAccept={mayAccept} />
            </li>
          ))}
        </ul>
      )}
      {doing === 'answer' && (
        <PostForm
          titled={false}
          first={{ title: '', body: '' }}
          label={t('answerBody')}
          send={t('sendAnswer')}
          busy={reply.isPending}
          error={reply.error}
          onSend={({ body }) => reply.mutate(body)}
          onCancel={close}
        />
      )}
    </article>
  )
}

type AnswerProps = { answer: Answer; question: Question; mayAccept: boolean }

function AnswerPost({ answer, question, mayAccept }: AnswerProps) {
  const t = useTranslations('questions')
  const [editing, setEditing] = useState(false)
  const lessonId = question.lesson_id
  const edit = useQuestionAction(
    lessonId,
    (body: string) => questionDoor.editAnswer(answer.id, body),
    () => setEditing(false),
  )
  const remove = useQuestionAction(lessonId, () => questionDoor.removeAnswer(answer.id))
  const accept = useQuestionAction(lessonId, () => questionDoor.accept(question.id, answer.accepted ? null : answer.id))
  if (editing) {
    return (
      <PostForm
        titled={false}
        first={{ title: '', body: answer.body }}
        label={t('answerBody')}
        send={t('save')}
        busy={edit.isPending}
        error={edit.error}
        onSend={({ body }) => edit.mutate(body)}
        onCancel={() => setEditing(false)}
      />
    )
  }
  return (
    <Post
      author={answer.author.display_name}
      mine={answer.mine}
      byInstructor={answer.by_instructor}
      accepted={answer.accepted}
      writtenAt={answer.created_at}
      editedAt={answer.updated_at}
      body={answer.body}
      error={remove.error ?? accept.error}
      onEdit={() => setEditing(true)}
      onRemove={() => remove.mutate(undefined)}
      actions={
        mayAccept && (
          <button type="button" className={postAction} onClick={() => accept.mutate(undefined)}>
            {answer.accepted ? t('unaccept') : t('accept')}
          </button>
        )
      }
    />
  )
}
