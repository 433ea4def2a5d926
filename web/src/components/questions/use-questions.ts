'use client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '@/lib/api/client'
import { usePages } from '@/lib/api/pages'
import { answer } from '@/lib/api/problem'
import type { components } from '@/lib/api/schema'

export type Question = components['schemas']['QuestionView']
export type Answer = components['schemas']['AnswerView']
export type Sort = 'newest' | 'moment'

const keyOf = (lessonId: string) => ['learn', 'questions', lessonId] as const

export function useQuestions(lessonId: string, sort: Sort) {
  return usePages([...keyOf(lessonId), sort], (cursor, signal) =>
    answer(
      api.GET('/api/v1/lessons/{lesson_id}/questions', {
        params: { path: { lesson_id: lessonId }, query: { sort, cursor } },
        signal,
      }),
    ),
  )
}

/** The question that a link opens, wherever it is in the list. */
export function useLinkedQuestion(lessonId: string, questionId: string | null) {
  return useQuery({
    queryKey: [...keyOf(lessonId), 'linked', questionId],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/v1/questions/{question_id}', { params: { path: { question_id: questionId ?? '' } }, signal }),
      ),
    enabled: questionId !== null,
  })
}

/** All answers of a question, once they are asked for: its own view holds the first few. */
export function useAnswers(question: Question, all: boolean) {
  return useQuery({
    queryKey: [...keyOf(question.lesson_id), 'answers', question.id],
    queryFn: async ({ signal }) => {
      const answers: Answer[] = []
      let cursor: string | undefined
      do {
        const page = await answer(
          api.GET('/api/v1/questions/{question_id}/answers', {
            params: { path: { question_id: question.id }, query: { limit: 100, cursor } },
            signal,
          }),
        )
        answers.push(...page.items)
        cursor = page.next_cursor ?? undefined
      } while (cursor)
      return answers
    },
    enabled: all,
  })
}

/** Something done to questions; the list is asked for anew when it is done. */
export function useQuestionAction<T>(lessonId: string, act: (given: T) => Promise<unknown>, done?: () => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: act,
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keyOf(lessonId) })
      done?.()
    },
  })
}

const ofQuestion = (id: string) => ({ params: { path: { question_id: id } } })
const ofAnswer = (id: string) => ({ params: { path: { answer_id: id } } })

export const questionDoor = {
  ask: (lessonId: string, body: { title: string; body: string; at_ms: number | null }) =>
    answer(api.POST('/api/v1/lessons/{lesson_id}/questions', { params: { path: { lesson_id: lessonId } }, body })),
  edit: (id: string, body: { title?: string; body: string }) =>
    answer(api.PATCH('/api/v1/questions/{question_id}', { ...ofQuestion(id), body })),
  remove: (id: string) => answer(api.DELETE('/api/v1/questions/{question_id}', ofQuestion(id))),
  answer: (id: string, body: string) =>
    answer(api.POST('/api/v1/questions/{question_id}/answers', { ...ofQuestion(id), body: { body } })),
  accept: (id: string, answerId: string | null) =>
    answer(api.POST('/api/v1/questions/{question_id}/accept', { ...ofQuestion(id), body: { answer_id: answerId } })),
  editAnswer: (id: string, body: string) =>
    answer(api.PATCH('/api/v1/answers/{answer_id}', { ...ofAnswer(id), body: { body } })),
  removeAnswer: (id: string) => answer(api.DELETE('/api/v1/answers/{answer_id}', ofAnswer(id))),
}
