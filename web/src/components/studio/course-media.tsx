'use client'
import { useQuery } from '@tanstack/react-query'
import { Film } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'use-intl'
import { Loaded } from '@/components/shell/loaded'
import { Blank } from '@/components/ui/blank'
import { buttonStyles } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/skeleton'
import { LessonVideo } from '@/components/upload/lesson-video'
import { courseMediaQuery, courseQuery } from './queries'

/** The videos of a course, in the order of its curriculum. */
export function CourseMedia({ id }: { id: string }) {
  const t = useTranslations('studio.media')
  const course = useQuery(courseQuery(id))
  const media = useQuery(courseMediaQuery(id))
  const lessons = (course.data?.curriculum ?? [])
    .flatMap(({ lessons }) => lessons)
    .filter(({ kind }) => kind === 'video')
  return (
    <>
      <h2 className="text-xl font-bold">{t('title')}</h2>
      <p className="mt-1 text-muted">{t('lead')}</p>
      <div className="mt-6">
        <Loaded query={media} skeleton={<Skeleton className="h-72" />}>
          {({ items }) =>
            lessons.length === 0 ? (
              <Blank
                icon={Film}
                title={t('emptyTitle')}
                action={
                  <Link href={`/studio/courses/${id}/curriculum`} className={buttonStyles()}>
                    {t('toCurriculum')}
                  </Link>
                }
              >
                {t('emptyText')}
              </Blank>
            ) : (
              <ul className="grid gap-5">
                {lessons.map((lesson) => (
                  <li key={lesson.id} className="grid gap-4 rounded-card border border-line bg-surface p-5 shadow-card">
                    <h3 className="text-lg font-bold">{lesson.title}</h3>
                    <LessonVideo
                      place={{ courseId: id, lessonId: lesson.id, lessonTitle: lesson.title }}
                      media={items.find((item) => item.lesson_id === lesson.id)}
                    />
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
      </div>
    </>
  )
}
