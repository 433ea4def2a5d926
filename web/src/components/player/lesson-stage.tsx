'use client'
import { createContext, use, useMemo, useRef, useState, type RefObject } from 'react'
import { Queries } from '@/lib/api/query'
import type { components } from '@/lib/api/schema'

export type Course = components['schemas']['CourseView']
export type Lesson = components['schemas']['LessonView']
export type Panel = 'lessons' | 'notes' | 'questions'

/** What the panels beside a video ask of it. */
export type PlayerHandle = { positionMs: () => number; seek: (ms: number) => void }

type Stage = {
  course: Course
  /** Null for a stranger. */
  userId: string | null
  panel: Panel
  showPanel: (panel: Panel) => void
  /** The player of the lesson that is open; null beside a text. */
  player: RefObject<PlayerHandle | null>
  noteField: RefObject<HTMLTextAreaElement | null>
  /** Lets a lesson play as soon as it opens, since the one before it has ended. */
  playOn: (lessonId: string) => void
  /** Whether that was said of this one; it is said once. */
  playsOn: (lessonId: string) => boolean
}

const StageContext = createContext<Stage | null>(null)

/** What stays while a learner goes from lesson to lesson of a course. */
export function LessonStage(props: { course: Course; userId: string | null; children: React.ReactNode }) {
  const { course, userId } = props
  const [panel, showPanel] = useState<Panel>('lessons')
  const player = useRef<PlayerHandle>(null)
  const noteField = useRef<HTMLTextAreaElement>(null)
  const following = useRef<string>(null)
  const stage = useMemo(
    () => ({
      course,
      userId,
      panel,
      showPanel,
      player,
      noteField,
      playOn: (lessonId: string) => {
        following.current = lessonId
      },
      playsOn: (lessonId: string) => {
        if (following.current !== lessonId) return false
        following.current = null
        return true
      },
    }),
    [course, userId, panel],
  )
  return (
    <Queries>
      <StageContext value={stage}>{props.children}</StageContext>
    </Queries>
  )
}

export function useStage(): Stage {
  const stage = use(StageContext)
  if (!stage) throw new Error('There is no LessonStage around this.')
  return stage
}
