'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import Link from 'next/link'
import { useState } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { Badge } from '@/components/ui/badge'
import { Button, buttonStyles } from '@/components/ui/button'
import { TextArea } from '@/components/ui/field'
import { Notice } from '@/components/ui/notice'
import { useToasts } from '@/components/ui/toast'
import { api } from '@/lib/api/client'
import { answer } from '@/lib/api/problem'
import type { components } from '@/lib/api/schema'
import { useProblemWords } from '@/lib/api/words'
import { clock } from '@/lib/time'

type Question = components['schemas']['QuestionView']

export function QuestionCard({ question }: { question: Question }) {
  const t = useTranslations('studio.qa')
  const common = useTranslations('common')
  const format = useFormatter()
  const explain = useProblemWords()
  const toasts = useToasts()
  const client = useQueryClient()
  const [body, setBody] = useState<string | null>(null)
  const when = (at: string) => format.dateTime(new Date(at), { dateStyle: 'medium', timeStyle: 'short' })
  const send = useMutation({
    mutationFn: (text: string) => {
      const path = { question_id: question.id }
      return answer(api.POST('/api/v1/questions/{question_id}/answers', { params: { path }, body: { body: text } }))
    },
    onSuccess: () => {
      setBody(null)
      toasts.add({ description: t('sent') })
      return client.invalidateQueries({ queryKey: ['studio', 'questions'] })
    },
  })
  return (
    <li className="grid gap-3 rounded-card border border-line bg-surface p-5 shadow-card">
      <div>
        <p className="text-sm text-muted">
          {question.lesson_title}
          {question.at_ms !== null && ` · ${t('at', { time: clock(question.at_ms) })}`}
        </p>
        <h2 className="mt-1 text-lg font-bold">{question.title}</h2>
        <p className="text-sm text-muted">
          {t('askedBy', { name: question.author.display_name, when: when(question.created_at) })}
        </p>
      </div>
      <p className="whitespace-pre-wrap">{question.body}</p>
      {question.answers.length > 0 && (
        <ul className="grid gap-3 border-l-2 border-line pl-4">
          {question.answers.map((each) => (
            <li key={each.id}>
              <p className="flex flex-wrap items-center gap-2 text-sm text-muted">
                {t('askedBy', { name: each.author.display_name, when: when(each.created_at) })}
                {each.by_instructor && <Badge tone="accent">{t('instructor')}</Badge>}
                {each.accepted && <Badge tone="good">{t('accepted')}</Badge>}
              </p>
              <p className="mt-1 whitespace-pre-wrap">{each.body}</p>
            </li>
          ))}
        </ul>
      )}
      {body === null ? (
        <div className="flex flex-wrap items-center gap-3">
          <Button onClick={() => setBody('')}>{t('answer')}</Button>
          <Link href={question.deep_link} className={buttonStyles({ tone: 'ghost' })}>
            {t('openLesson')}
          </Link>
          <span className="text-sm text-muted">{t('answers', { count: question.answer_count })}</span>
        </div>
      ) : (
        <form
          className="grid gap-3"
          onSubmit={(event) => {
            event.preventDefault()
            send.mutate(body)
          }}
        >
          <TextArea
            label={t('answerTo', { title: question.title })}
            required
            maxLength={20_000}
            value={body}
            ref={(area) => area?.focus()}
            onChange={(event) => setBody(event.target.value)}
          />
          {send.isError && <Notice tone="bad">{explain(send.error)}</Notice>}
          <div className="flex flex-wrap gap-3">
            <Button type="submit" busy={send.isPending}>
              {t('send')}
            </Button>
            <Button tone="ghost" onClick={() => setBody(null)}>
              {common('cancel')}
            </Button>
          </div>
        </form>
      )}
    </li>
  )
}
