'use client'
import { Clapperboard, Plus, Star } from 'lucide-react'
import Link from 'next/link'
import { useFormatter, useLocale, useTranslations } from 'use-intl'
import { Paged } from '@/components/shell/paged'
import { Blank } from '@/components/ui/blank'
import { buttonStyles } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/skeleton'
import { api } from '@/lib/api/client'
import { usePages } from '@/lib/api/pages'
import { answer } from '@/lib/api/problem'
import { formatMoney } from '@/lib/money'
import { Cover } from './cover'
import type { StudioCard } from './queries'
import { StateBadge } from './state-badge'

const skeleton = (
  <div className="grid gap-4">
    {[1, 2, 3].map((each) => (
      <Skeleton key={each} className="h-32" />
    ))}
  </div>
)

export function CourseList() {
  const t = useTranslations('studio')
  const courses = usePages(['studio', 'courses'], (cursor, signal) =>
    answer(api.GET('/api/v1/studio/courses', { params: { query: { cursor, limit: 20 } }, signal })),
  )
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-4 py-8">
        <h1 className="text-3xl font-extrabold">{t('title')}</h1>
        <Link href="/studio/new" className={buttonStyles()}>
          <Plus className="size-5" aria-hidden />
          {t('list.create')}
        </Link>
      </div>
      <Paged
        pages={courses}
        skeleton={skeleton}
        empty={
          <Blank
            icon={Clapperboard}
            title={t('list.emptyTitle')}
            action={
              <Link href="/studio/new" className={buttonStyles()}>
                {t('list.create')}
              </Link>
            }
          >
            {t('list.emptyText')}
          </Blank>
        }
      >
        {(items) => (
          <ul className="grid gap-4">
            {items.map((course) => (
              <CourseRow key={course.id} course={course} />
            ))}
          </ul>
        )}
      </Paged>
    </>
  )
}

function CourseRow({ course }: { course: StudioCard }) {
  const t = useTranslations('studio.list')
  const format = useFormatter()
  const locale = useLocale()
  const { average } = course.rating
  return (
    <li className="relative flex gap-4 rounded-card border border-line bg-surface p-4 shadow-card transition-colors hover:border-ink/30">
      <Cover url={course.cover_url} className="hidden w-40 sm:block" />
      <div className="grid min-w-0 flex-1 content-start gap-2">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h2 className="text-lg font-bold">
            <Link href={`/studio/courses/${course.id}`} className="after:absolute after:inset-0 after:rounded-card">
              {course.title}
            </Link>
          </h2>
          <StateBadge state={course.state} rejected={course.rejection_reason !== null} />
        </div>
        <p className="flex flex-wrap gap-x-4 gap-y-1 text-sm text-muted">
          <span>{course.category.name}</span>
          <span>{t('lessons', { count: course.lesson_count })}</span>
          <span>{t('learners', { count: course.enrolment_count })}</span>
          {average !== null && (
            <span className="inline-flex items-center gap-1">
              <Star className="size-4 fill-star text-star" aria-hidden />
              <span className="sr-only">
                {t('rating', { average: format.number(average, { maximumFractionDigits: 1 }) })}
              </span>
              <span aria-hidden>{format.number(average, { minimumFractionDigits: 1, maximumFractionDigits: 1 })}</span>
            </span>
          )}
          <span>{t('changed', { when: format.dateTime(new Date(course.updated_at), { dateStyle: 'medium' }) })}</span>
        </p>
      </div>
      <p className="font-bold tabular-nums">
        {course.price.amount_minor === 0 ? t('free') : formatMoney(course.price, locale)}
      </p>
    </li>
  )
}
