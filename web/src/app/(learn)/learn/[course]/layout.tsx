import { notFound } from 'next/navigation'
import { LessonStage } from '@/components/player/lesson-stage'
import { Words } from '@/i18n/words'
import { answer, Problem } from '@/lib/api/problem'
import { serverApi } from '@/lib/api/server'

type Props = { params: Promise<{ course: string }>; children: React.ReactNode }

export default async function LearnLayout({ params, children }: Props) {
  const { course: slug } = await params
  const api = await serverApi()
  const [course, me] = await Promise.all([
    answer(api.GET('/api/v1/courses/{slug}', { params: { path: { slug } } })).catch(goneIsNotFound),
    api.GET('/api/v1/me'),
  ])
  return (
    <Words of={['player', 'notes', 'questions', 'learning']}>
      <LessonStage course={course} userId={me.data?.id ?? null}>
        {children}
      </LessonStage>
    </Words>
  )
}

function goneIsNotFound(problem: unknown): never {
  if (problem instanceof Problem && problem.status === 404) notFound()
  throw problem
}
