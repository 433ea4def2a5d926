import { Award, Play, RotateCcw } from 'lucide-react'
import Link from 'next/link'
import { Cover } from '@/components/course/cover'
import { buttonStyles } from '@/components/ui/button'
import { Progress } from '@/components/ui/progress'
import { getTranslations } from '@/i18n/server'
import type { components } from '@/lib/api/schema'
import { clock } from '@/lib/time'

type Props = { enrolment: components['schemas']['EnrolmentView']; certificateCode: string | undefined }

/** A course of the learner's, with the way to the exact place where they stopped. */
export async function EnrolmentCard({ enrolment, certificateCode }: Props) {
  const t = await getTranslations('learning')
  const { slug, title, instructor, percent, last_lesson, position_ms } = enrolment
  const finished = percent >= 100
  // A player goes on where its learner was: the link names the lesson, and the lesson knows the place.
  const place = last_lesson ? `/learn/${slug}/${last_lesson.id}` : `/courses/${slug}`
  return (
    <article className="flex flex-col overflow-hidden rounded-card border border-line bg-surface shadow-card">
      <div className="aspect-video bg-night">
        <Cover course={enrolment} className="size-full" />
      </div>
      <div className="flex flex-1 flex-col gap-3 p-5">
        <div>
          <h3 className="text-lg leading-snug font-bold">
            <Link href={`/courses/${slug}`} className="hover:underline">
              {title}
            </Link>
          </h3>
          <p className="text-sm text-muted">{t('by', { name: instructor.display_name })}</p>
        </div>
        <div className="grid gap-1.5">
          <Progress percent={percent} label={t('courseProgress', { course: title })} />
          <p className="text-sm font-semibold tabular-nums">{t('percentDone', { percent })}</p>
        </div>
        {last_lesson && !finished && (
          <p className="text-sm text-muted">
            {t('continueWith', { lesson: last_lesson.title })}
            {position_ms > 0 && `, ${t('at', { time: clock(position_ms) })}`}
          </p>
        )}
        <div className="mt-auto flex flex-wrap gap-2 pt-1">
          <Link href={place} className={buttonStyles({ tone: finished ? 'outline' : 'accent' })}>
            {finished ? <RotateCcw className="size-4" aria-hidden /> : <Play className="size-4" aria-hidden />}
            {finished ? t('again') : last_lesson ? t('continue') : t('start')}
          </Link>
          {finished && certificateCode && (
            <Link href={`/certificates/${certificateCode}`} className={buttonStyles()}>
              <Award className="size-4" aria-hidden />
              {t('certificate')}
            </Link>
          )}
        </div>
      </div>
    </article>
  )
}
