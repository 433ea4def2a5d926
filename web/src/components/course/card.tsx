import Link from 'next/link'
import { use } from 'react'
import { CardPreview } from '@/components/preview/card-preview'
import { getTranslations } from '@/i18n/server'
import type { Course } from '@/lib/catalog/types'
import { Cover } from './cover'
import { Icon } from './icon'
import { lengthWords } from './length'
import { Price } from './price'
import { Rating } from './rating'

type Props = {
  course: Course
  first?: boolean
  /** The level of its heading: one below that of the list. */
  heading?: 'h2' | 'h3'
}

/** A course in a list. All of it leads to the course; the button in its corner plays a lesson in place, if one is open. */
export function CourseCard({ course, first = false, heading: Heading = 'h3' }: Props) {
  const t = use(getTranslations('catalog'))
  return (
    <article className="group relative flex h-full flex-col overflow-hidden rounded-card border border-line bg-surface shadow-card transition duration-200 hover:-translate-y-0.5 hover:shadow-lift">
      <div className="relative aspect-[16/10] overflow-hidden bg-raised">
        <Cover
          course={course}
          first={first}
          className="size-full transition-transform duration-500 group-hover:scale-[1.03]"
        />
        {course.has_preview && <CardPreview slug={course.slug} title={course.title} />}
      </div>
      <div className="flex flex-1 flex-col gap-2 p-4 sm:p-5">
        <p className="text-xs font-bold tracking-wide text-accent uppercase">{course.category.name}</p>
        <Heading lang={course.language} className="text-lg leading-snug font-bold">
          <Link
            href={`/courses/${course.slug}`}
            prefetch={false}
            className="after:absolute after:inset-0 after:rounded-card"
          >
            {course.title}
          </Link>
        </Heading>
        <p className="text-sm text-muted">{course.instructor.display_name}</p>
        <div className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-muted">
          <Rating rating={course.rating} />
          {course.duration_ms > 0 ? (
            <span className="inline-flex items-center gap-1">
              <Icon name="clock" />
              {lengthWords(use(getTranslations('common')), course.duration_ms)}
            </span>
          ) : (
            <span className="inline-flex items-center gap-1">
              <Icon name="text" />
              {t('lessons', { count: course.lesson_count })}
            </span>
          )}
        </div>
        <div className="mt-auto flex flex-wrap items-baseline justify-between gap-2 pt-2">
          <Price course={course} />
          <span className="text-sm text-muted">{t(`levels.${course.level}`)}</span>
        </div>
      </div>
    </article>
  )
}
