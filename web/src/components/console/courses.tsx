'use client'
import Link from 'next/link'
import { useLocale, useTranslations } from 'use-intl'
import { Badge, type Tone } from '@/components/ui/badge'
import { api } from '@/lib/api/client'
import { usePages } from '@/lib/api/pages'
import { answer } from '@/lib/api/problem'
import type { components } from '@/lib/api/schema'
import { formatMoney } from '@/lib/money'
import { Action } from './action'
import { Filter, useChoice } from './filter'
import { List, Row } from './list'
import { When } from './when'

type Course = components['schemas']['OpsCourse']
const states = ['in_review', 'published', 'draft', 'archived'] as const
const tones: Record<Course['state'], Tone> = {
  in_review: 'accent',
  published: 'good',
  draft: 'plain',
  archived: 'plain',
}

export function Courses() {
  const t = useTranslations('console')
  const [state, choose] = useChoice('state', states)
  const pages = usePages(['console', 'courses', state], (cursor) =>
    answer(api.GET('/api/v1/ops/courses', { params: { query: { state, cursor } } })),
  )
  return (
    <>
      <Filter
        label={t('state')}
        options={states}
        nameOf={(each) => t(`courseState.${each}`)}
        chosen={state}
        onChoose={choose}
      />
      <List label={t('courses')} pages={pages} empty={t('noCourses')} keyOf={(course) => course.id}>
        {(course) => <CourseRow course={course} />}
      </List>
    </>
  )
}

function CourseRow({ course }: { course: Course }) {
  const t = useTranslations('console')
  const locale = useLocale()
  const path = { params: { path: { course_id: course.id } } }
  return (
    <Row
      title={
        course.state === 'published' ? (
          <Link href={`/courses/${course.slug}`} className="underline-offset-4 hover:underline">
            {course.title}
          </Link>
        ) : (
          course.title
        )
      }
      badge={<Badge tone={tones[course.state]}>{t(`courseState.${course.state}`)}</Badge>}
      facts={[
        course.instructor.display_name,
        course.category.name,
        formatMoney(course.price, locale),
        t('lessonCount', { count: course.lesson_count }),
        course.rejection_reason && t('rejectedFor', { reason: course.rejection_reason }),
        <When key="at" at={course.updated_at} />,
      ]}
    >
      {course.state === 'in_review' && (
        <>
          <Action
            name={t('approve')}
            tone="accent"
            question={t('approveQuestion')}
            done={t('approved')}
            act={() => answer(api.POST('/api/v1/ops/courses/{course_id}/approve', path))}
          />
          <Action
            name={t('reject')}
            tone="danger"
            question={t('rejectQuestion')}
            needsReason
            done={t('rejected')}
            act={(reason) => answer(api.POST('/api/v1/ops/courses/{course_id}/reject', { ...path, body: { reason } }))}
          />
        </>
      )}
    </Row>
  )
}
