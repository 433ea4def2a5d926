'use client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useStage } from '@/components/player/lesson-stage'
import { api } from '@/lib/api/client'
import { answer } from '@/lib/api/problem'
import { mayBeComplete, withSeen, type CourseProgress } from '@/lib/learning/progress'

const keyOf = (slug: string) => ['learn', 'progress', slug] as const

/** How far the learner is through the course that is open. */
export function useCourseProgress() {
  const { course, userId } = useStage()
  return useQuery({
    queryKey: keyOf(course.slug),
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/courses/{slug}/progress', { params: { path: { slug: course.slug } }, signal })),
    enabled: userId !== null,
  })
}

/** What makes it follow what the learner does: `refresh` asks for it again; `see` shows a lesson's new percent at once. */
export function useProgressChanges() {
  const { course } = useStage()
  const client = useQueryClient()
  const refresh = useCallback(
    () => void client.invalidateQueries({ queryKey: keyOf(course.slug) }),
    [client, course.slug],
  )
  const see = useCallback(
    (lessonId: string, percent: number) => {
      const shown = client.setQueryData<CourseProgress>(
        keyOf(course.slug),
        (known) => known && withSeen(known, lessonId, percent),
      )
      if (shown && mayBeComplete(shown, lessonId)) refresh()
    },
    [client, course.slug, refresh],
  )
  return { refresh, see }
}
