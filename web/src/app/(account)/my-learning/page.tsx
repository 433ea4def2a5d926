import { BookOpen } from 'lucide-react'
import type { Metadata } from 'next'
import Link from 'next/link'
import { EnrolmentCard } from '@/components/learning/enrolment-card'
import { SignedOut } from '@/components/shell/signed-out'
import { Blank } from '@/components/ui/blank'
import { buttonStyles } from '@/components/ui/button'
import { getTranslations } from '@/i18n/server'
import { answer, Problem } from '@/lib/api/problem'
import { serverApi } from '@/lib/api/server'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('learning'))('myLearning') }
}

type Props = { searchParams: Promise<{ cursor?: string | string[] }> }

export default async function MyLearning({ searchParams }: Props) {
  const { cursor } = await searchParams
  const t = await getTranslations('learning')
  const enrolments = await readEnrolments(typeof cursor === 'string' ? cursor : undefined)
  if (!enrolments) return <SignedOut />
  const { items, next_cursor, certificates } = enrolments
  const groups = [
    [t('underWay'), items.filter(({ percent }) => percent < 100)],
    [t('finished'), items.filter(({ percent }) => percent >= 100)],
  ] as const
  return (
    <div className="mx-auto max-w-6xl px-5 py-10">
      <h1 className="text-4xl font-extrabold">{t('myLearning')}</h1>
      <p className="mt-2 text-muted">{t('myLearningText')}</p>
      {items.length === 0 && (
        <Blank
          icon={BookOpen}
          title={t('emptyTitle')}
          action={
            <Link href="/explore" className={buttonStyles()}>
              {t('explore')}
            </Link>
          }
        >
          {t('emptyText')}
        </Blank>
      )}
      {groups.map(
        ([name, courses]) =>
          courses.length > 0 && (
            <section key={name} className="mt-10">
              <h2 className="text-xl font-bold">{name}</h2>
              <ul className="mt-4 grid gap-5 sm:grid-cols-2 lg:grid-cols-3">
                {courses.map((course) => (
                  <li key={course.id} className="grid">
                    <EnrolmentCard enrolment={course} certificateCode={certificates.get(course.id)} />
                  </li>
                ))}
              </ul>
            </section>
          ),
      )}
      {next_cursor && (
        <p className="mt-8 text-center">
          <Link
            href={`/my-learning?cursor=${encodeURIComponent(next_cursor)}`}
            className={buttonStyles({ tone: 'outline' })}
          >
            {t('more')}
          </Link>
        </p>
      )}
    </div>
  )
}

/** Null for a stranger. */
async function readEnrolments(cursor: string | undefined) {
  const api = await serverApi()
  try {
    const [page, certificates] = await Promise.all([
      answer(api.GET('/api/v1/me/enrolments', { params: { query: { limit: 60, cursor } } })),
      answer(api.GET('/api/v1/me/certificates', { params: { query: { limit: 100 } } })),
    ])
    const valid = certificates.items.filter((each) => each.revoked_at === null)
    return { ...page, certificates: new Map(valid.map((each) => [each.course_id, each.code])) }
  } catch (problem) {
    if (problem instanceof Problem && problem.status === 401) return null
    throw problem
  }
}
