'use client'
import { useQuery } from '@tanstack/react-query'
import { useStage } from '@/components/player/lesson-stage'
import { api } from '@/lib/api/client'
import { answer } from '@/lib/api/problem'

/** How far the learner is through the course that is open. */
export function useCourseProgress() {
  const { course, userId } = useStage()
  return useQuery({
    queryKey: ['learn', 'progress', course.slug],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/courses/{slug}/progress', { params: { path: { slug: course.slug } }, signal })),
    enabled: userId !== null,
  })
}
