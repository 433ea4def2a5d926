'use client'
import { clsx } from 'clsx'
import { ChevronLeft, ChevronRight, NotebookPen, MessagesSquare } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useCallback, useEffect } from 'react'
import { useTranslations } from 'use-intl'
import { Curriculum } from '@/components/learning/curriculum'
import { TextLesson } from '@/components/learning/text-lesson'
import { useProgressChanges } from '@/components/learning/use-course-progress'
import { NotesPanel } from '@/components/notes/notes-panel'
import { useNotes } from '@/components/notes/use-notes'
import { QuestionsPanel } from '@/components/questions/questions-panel'
import { SignInLink } from '@/components/shell/sign-in-link'
import { Blank } from '@/components/ui/blank'
import { buttonStyles } from '@/components/ui/button'
import { Tab, TabList, TabPanel, Tabs } from '@/components/ui/tabs'
import { useStage, type Lesson, type Panel } from './lesson-stage'
import { usePlayback } from './use-playback'
import { VideoLesson } from './video-lesson'

type Props = {
  lesson: Lesson
  /** Where a link leads; null goes on where the learner was. */
  startMs: number | null
  /** The question that a link opens. */
  questionId: string | null
}

export function LessonScreen({ lesson, startMs, questionId }: Props) {
  const { course, userId, showPanel, noteField, player, playOn } = useStage()
  const router = useRouter()
  const progress = useProgressChanges()
  const playback = usePlayback(lesson.id, lesson.kind === 'video')
  const notes = useNotes(lesson.id, userId)
  const lessons = course.curriculum.flatMap((section) => section.lessons)
  const at = lessons.findIndex((each) => each.id === lesson.id)
  const [previous, next] = [lessons[at - 1] ?? null, lessons[at + 1] ?? null]

  const goNext = useCallback(() => {
    if (!next) return
    playOn(next.id)
    router.push(`/learn/${course.slug}/${next.id}`)
  }, [course.slug, next, playOn, router])
  const writeNote = useCallback(() => {
    if (document.fullscreenElement) void document.exitFullscreen()
    showPanel('notes')
    // The field is there once its panel is.
    requestAnimationFrame(() => requestAnimationFrame(() => noteField.current?.focus()))
  }, [noteField, showPanel])

  useEffect(() => {
    if (questionId) showPanel('questions')
  }, [questionId, showPanel])
  // A link to another moment of the lesson that is open.
  useEffect(() => {
    if (startMs !== null) player.current?.seek(startMs)
  }, [startMs, player])

  const panels: Record<Panel, React.ReactNode> = {
    lessons: <Curriculum lessonId={lesson.id} />,
    notes: userId ? (
      <NotesPanel lessonId={lesson.id} userId={userId} revision={playback.data?.media_revision ?? null} notes={notes} />
    ) : (
      <SignInFirst of="notes" />
    ),
    questions: userId ? <QuestionsPanel lesson={lesson} openId={questionId} /> : <SignInFirst of="questions" />,
  }
  const isVideo = lesson.kind === 'video'
  return (
    <div data-fills-screen className="lg:grid lg:grid-cols-[minmax(0,1fr)_26rem] lg:grid-rows-[auto_1fr]">
      {isVideo && (
        <div className="bg-night max-lg:sticky max-lg:top-16 max-lg:z-10">
          <VideoLesson
            lesson={lesson}
            startMs={startMs}
            playback={playback}
            markers={notes.notes}
            next={next}
            onNext={goNext}
            onSeen={(percent) => progress.see(lesson.id, percent)}
            onNote={writeNote}
          />
        </div>
      )}
      <div className={isVideo ? 'px-5 py-5 lg:px-8' : 'px-5 py-8 lg:row-span-2 lg:px-8'}>
        {isVideo ? (
          <LessonHead lesson={lesson} />
        ) : (
          <TextLesson lesson={lesson} head={<LessonHead lesson={lesson} />} onDone={progress.refresh} />
        )}
        <Neighbours previousId={previous?.id} nextId={next?.id} className={isVideo ? undefined : 'mx-auto max-w-2xl'} />
      </div>
      <Panels panels={panels} />
    </div>
  )
}

function LessonHead({ lesson }: { lesson: Lesson }) {
  const { course } = useStage()
  return (
    <header>
      <Link href={`/courses/${course.slug}`} className="text-sm font-semibold text-muted hover:text-ink">
        {course.title}
      </Link>
      <h1 className="mt-1 text-2xl font-extrabold lg:text-3xl">{lesson.title}</h1>
    </header>
  )
}

type NeighboursProps = { previousId: string | undefined; nextId: string | undefined; className: string | undefined }

function Neighbours({ previousId, nextId, className }: NeighboursProps) {
  const t = useTranslations('learning')
  const { course } = useStage()
  return (
    <div className={clsx('mt-5 flex flex-wrap gap-2', className)}>
      {previousId && (
        <Link href={`/learn/${course.slug}/${previousId}`} className={buttonStyles({ tone: 'outline' })}>
          <ChevronLeft className="size-4" aria-hidden />
          {t('previous')}
        </Link>
      )}
      {nextId && (
        <Link href={`/learn/${course.slug}/${nextId}`} className={buttonStyles({ tone: 'ink' })}>
          {t('next')}
          <ChevronRight className="size-4" aria-hidden />
        </Link>
      )}
    </div>
  )
}

/** Beside the video where there is room, below it elsewhere. */
function Panels({ panels }: { panels: Record<Panel, React.ReactNode> }) {
  const t = useTranslations('learning')
  const [ofNotes, ofQuestions] = [useTranslations('notes'), useTranslations('questions')]
  const { panel, showPanel } = useStage()
  const names = { lessons: t('lessons'), notes: ofNotes('title'), questions: ofQuestions('title') }
  return (
    <aside
      aria-label={t('panels')}
      className="border-line bg-paper max-lg:border-t lg:sticky lg:top-16 lg:col-start-2 lg:row-span-2 lg:row-start-1 lg:h-[calc(100dvh-4rem)] lg:border-l"
    >
      <Tabs
        value={panel}
        onValueChange={(chosen: Panel) => showPanel(chosen)}
        className="flex min-h-[70dvh] flex-col lg:h-full lg:min-h-0"
      >
        <TabList className="shrink-0 px-3">
          {(Object.keys(names) as Panel[]).map((each) => (
            <Tab key={each} value={each} className="flex-1">
              {names[each]}
            </Tab>
          ))}
        </TabList>
        {(Object.keys(names) as Panel[]).map((each) => (
          <TabPanel key={each} value={each} className="min-h-0 flex-1 px-4 py-4 -outline-offset-2 lg:overflow-y-auto">
            {panels[each]}
          </TabPanel>
        ))}
      </Tabs>
    </aside>
  )
}

function SignInFirst({ of }: { of: 'notes' | 'questions' }) {
  const [ofNotes, ofQuestions] = [useTranslations('notes'), useTranslations('questions')]
  const words = of === 'notes' ? ofNotes : ofQuestions
  return (
    <Blank
      icon={of === 'notes' ? NotebookPen : MessagesSquare}
      title={words('signInTitle')}
      className="py-10"
      action={<SignInLink className={buttonStyles()} />}
    >
      {words('signInText')}
    </Blank>
  )
}
