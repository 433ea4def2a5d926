'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '@/lib/api/client'
import { answer, Problem } from '@/lib/api/problem'
import { orderOf, type Lesson, type Section } from '@/lib/studio/curriculum'
import { courseQuery, ofCourse, type StudioCourse } from './queries'

export type LessonEdit = Partial<Pick<Lesson, 'title' | 'preview' | 'body'>>
export type NewLesson = Pick<Lesson, 'title' | 'kind' | 'preview' | 'body'>

const SECTION = '/api/v1/studio/courses/{course_id}/sections/{section_id}'
const LESSON = '/api/v1/studio/courses/{course_id}/sections/{section_id}/lessons/{lesson_id}'

/** What can be done to a course's curriculum. A new order is shown at once; what else changes is asked for anew. */
export function useCurriculum(courseId: string) {
  const client = useQueryClient()
  const { queryKey } = courseQuery(courseId)
  const reload = () => client.invalidateQueries({ queryKey })
  const path = (section_id: string) => ({ params: { path: { course_id: courseId, section_id } } })
  const toLesson = (section_id: string, lesson_id: string) => ({
    params: { path: { course_id: courseId, section_id, lesson_id } },
  })

  const change = useMutation({
    mutationFn: (call: () => Promise<unknown>) => call(),
    onSettled: reload,
  })
  const reorder = useMutation({
    mutationFn: (sections: Section[]) =>
      answer(
        api.PUT('/api/v1/studio/courses/{course_id}/curriculum', { ...ofCourse(courseId), body: orderOf(sections) }),
      ),
    onMutate: async (curriculum) => {
      await client.cancelQueries({ queryKey })
      client.setQueryData(queryKey, (course?: StudioCourse) => course && { ...course, curriculum })
    },
    onSuccess: (course) => client.setQueryData(queryKey, course),
    onError: reload,
  })
  const did = (call: () => Promise<unknown>) =>
    change.mutateAsync(call).then(
      () => true,
      () => false,
    )
  return {
    reorder: (sections: Section[]) => reorder.mutate(sections),
    isMismatch: reorder.error instanceof Problem && reorder.error.code === 'curriculum_mismatch',
    problem: change.error ?? reorder.error,
    addSection: (title: string) =>
      did(() =>
        answer(api.POST('/api/v1/studio/courses/{course_id}/sections', { ...ofCourse(courseId), body: { title } })),
      ),
    renameSection: (id: string, title: string) =>
      did(() => answer(api.PATCH(SECTION, { ...path(id), body: { title } }))),
    removeSection: (id: string) => did(() => answer(api.DELETE(SECTION, path(id)))),
    addLesson: (sectionId: string, body: NewLesson) =>
      did(() =>
        answer(
          api.POST('/api/v1/studio/courses/{course_id}/sections/{section_id}/lessons', { ...path(sectionId), body }),
        ),
      ),
    editLesson: (sectionId: string, id: string, body: LessonEdit) =>
      did(() => answer(api.PATCH(LESSON, { ...toLesson(sectionId, id), body }))),
    removeLesson: (sectionId: string, id: string) => did(() => answer(api.DELETE(LESSON, toLesson(sectionId, id)))),
  }
}

export type Curriculum = ReturnType<typeof useCurriculum>
