import type { components } from '../api/schema'

export type CourseProgress = components['schemas']['CourseProgressView']

// What of a video the API takes for all of it.
const COMPLETE_PERCENT = 90

/** A course's progress with so much of a lesson seen, reckoned as the API does: before it is asked again. */
export function withSeen(progress: CourseProgress, lessonId: string, percent: number): CourseProgress {
  const lessons = progress.lessons.map((lesson) =>
    lesson.id === lessonId ? { ...lesson, percent: Math.max(lesson.percent, percent) } : lesson,
  )
  const sum = lessons.reduce((total, lesson) => total + (lesson.completed_at ? 100 : lesson.percent), 0)
  return { percent: lessons.length === 0 ? 0 : Math.floor(sum / lessons.length), lessons }
}

/** Whether the API may have found the lesson complete, which it alone says. */
export function mayBeComplete({ lessons }: CourseProgress, lessonId: string): boolean {
  const lesson = lessons.find(({ id }) => id === lessonId)
  return lesson !== undefined && !lesson.completed_at && lesson.percent >= COMPLETE_PERCENT
}
