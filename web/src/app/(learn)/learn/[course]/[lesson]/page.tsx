import { Lock } from 'lucide-react'
import type { Metadata } from 'next'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import { cache } from 'react'
import { LessonScreen } from '@/components/player/lesson-screen'
import { SignInLink } from '@/components/shell/sign-in-link'
import { Blank } from '@/components/ui/blank'
import { buttonStyles } from '@/components/ui/button'
import { getTranslations } from '@/i18n/server'
import { answer, Problem } from '@/lib/api/problem'
import { serverApi } from '@/lib/api/server'

type Props = {
  params: Promise<{ course: string; lesson: string }>
  searchParams: Promise<{ t?: string | string[]; question?: string | string[] }>
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const readLesson = cache(async (id: string) => {
  if (!UUID.test(id)) notFound()
  const api = await serverApi()
  return await answer(api.GET('/api/v1/lessons/{lesson_id}', { params: { path: { lesson_id: id } } })).catch(
    (problem: unknown) => {
      if (problem instanceof Problem && problem.status === 404) notFound()
      throw problem
    },
  )
})

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await readLesson((await params).lesson)).title, robots: { index: false } }
}

export default async function LessonPage({ params, searchParams }: Props) {
  const [{ course, lesson: id }, { t: moment, question }] = [await params, await searchParams]
  const lesson = await readLesson(id)
  if (lesson.course_slug !== course) notFound()
  if (lesson.locked) return <Locked slug={course} title={lesson.title} code={lesson.access.code} />
  return (
    <LessonScreen
      lesson={lesson}
      startMs={typeof moment === 'string' && /^\d{1,10}$/.test(moment) ? Number(moment) : null}
      questionId={typeof question === 'string' && UUID.test(question) ? question : null}
    />
  )
}

async function Locked({ slug, title, code }: { slug: string; title: string; code: string }) {
  const t = await getTranslations('player')
  const stranger = code === 'sign_in_required'
  return (
    <>
      <h1 className="px-5 pt-12 text-center text-2xl font-extrabold">{title}</h1>
      <Blank
        icon={Lock}
        title={stranger ? t('signInTitle') : t('purchaseTitle')}
        className="py-8"
        action={
          <>
            {stranger && <SignInLink className={buttonStyles()} />}
            <Link href={`/courses/${slug}`} className={buttonStyles({ tone: stranger ? 'outline' : 'accent' })}>
              {t('toCourse')}
            </Link>
          </>
        }
      >
        {stranger ? t('signInText') : t('purchaseText')}
      </Blank>
    </>
  )
}
