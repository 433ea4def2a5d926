'use client'
import { queryOptions } from '@tanstack/react-query'
import { api } from '@/lib/api/client'
import { answer } from '@/lib/api/problem'
import type { components } from '@/lib/api/schema'

export type StudioCourse = components['schemas']['StudioCourse']
export type StudioCard = components['schemas']['StudioCard']
export type LessonMedia = components['schemas']['LessonMediaView']
export type Asset = components['schemas']['AssetView']

export const ofCourse = (course_id: string) => ({ params: { path: { course_id } } })

export const categoriesQuery = queryOptions({
  queryKey: ['studio', 'categories'],
  queryFn: () => answer(api.GET('/api/v1/categories')),
  staleTime: 300_000,
})

export const courseQuery = (id: string) =>
  queryOptions({
    queryKey: ['studio', 'course', id],
    queryFn: () => answer(api.GET('/api/v1/studio/courses/{course_id}', ofCourse(id))),
  })

export const courseMediaQuery = (id: string) =>
  queryOptions({
    queryKey: ['studio', 'media', id],
    queryFn: () => answer(api.GET('/api/v1/studio/courses/{course_id}/media', ofCourse(id))),
  })
