import { CircleCheck, CircleHelp, Lock } from 'lucide-react'
import Link from 'next/link'
import { buttonStyles } from '@/components/ui/button'
import { Progress } from '@/components/ui/progress'
import { getFormatter, getTranslations } from '@/i18n/server'
import { signInPath } from '@/lib/auth/next-path'
import { lessonToGoOn } from '@/lib/catalog/course'
import { readProgress } from '@/lib/catalog/server'
import type { Access, CoursePage } from '@/lib/catalog/types'
import { EnrolButton } from './enrol-button'

const told = ['owner', 'operator', 'enrolled', 'free', 'sign_in_required', 'purchase_required'] as const

/** What may be done with the course now, and why no more than that. */
export async function AccessActions({ course }: { course: CoursePage }) {
  const { access } = course
  return (
    <>
      <div className="mt-4 grid gap-2.5">
        <Actions course={course} />
      </div>
      <WhyNot access={access} />
    </>
  )
}

const wide = (tone?: 'outline') => `${buttonStyles({ size: 'lg', tone })} w-full`

async function Actions({ course }: { course: CoursePage }) {
  const t = await getTranslations('catalog')
  const { access, slug, id, curriculum } = course
  if (access.state === 'owner') {
    const first = lessonToGoOn(curriculum, null)
    return (
      <>
        <Link href={`/studio/courses/${id}`} prefetch={false} className={wide()}>
          {t('box.studio')}
        </Link>
        {first && (
          <Link href={`/learn/${slug}/${first.id}`} prefetch={false} className={wide('outline')}>
            {t('box.asLearner')}
          </Link>
        )}
      </>
    )
  }
  if (access.state === 'enrolled') return <GoOn course={course} />
  if (access.state === 'purchase_required')
    return (
      <Link href={`/checkout?course=${id}`} prefetch={false} className={wide()}>
        {t('box.buy')}
      </Link>
    )
  if (access.code === 'sign_in_required')
    return (
      <Link href={signInPath(`/courses/${slug}`)} prefetch={false} className={wide()}>
        {t('box.signIn')}
      </Link>
    )
  return <EnrolButton slug={slug} first={lessonToGoOn(curriculum, null)?.id ?? null} />
}

async function GoOn({ course }: { course: CoursePage }) {
  const t = await getTranslations('catalog')
  const progress = await readProgress(course.slug)
  const lesson = lessonToGoOn(course.curriculum, progress)
  const percent = progress?.percent ?? 0
  return (
    <>
      <div className="flex items-center gap-3">
        <Progress percent={percent} label={t('progressOf', { title: course.title })} className="flex-1" />
        <span className="text-sm font-semibold tabular-nums" aria-hidden>
          {percent}%
        </span>
      </div>
      {lesson ? (
        <>
          <Link href={`/learn/${course.slug}/${lesson.id}`} prefetch={false} className={wide()}>
            {percent === 0 ? t('box.start') : percent === 100 ? t('box.again') : t('goOn')}
          </Link>
          <p lang={course.language} className="truncate text-center text-sm text-muted">
            {lesson.title}
          </p>
        </>
      ) : (
        <p className="text-sm text-muted">{t('nothing.lessons')}</p>
      )}
    </>
  )
}

/** The rule that decided, in words: a code that is not known here is told by its state. */
async function WhyNot({ access }: { access: Access }) {
  const [t, format] = [await getTranslations('catalog'), await getFormatter()]
  const code = told.find((each) => each === access.code) ?? access.state
  const rule = code === 'preview' ? 'purchase_required' : code
  const open = rule === 'owner' || rule === 'operator' || rule === 'enrolled'
  const Icon = open ? CircleCheck : Lock
  return (
    <>
      <p className="mt-4 flex gap-2.5 text-sm text-muted">
        <Icon className="size-5 shrink-0" aria-hidden />
        <span>
          {t(`access.${rule}`)}
          {access.expires_at && (
            <span className="block">
              {t('accessUntil', { date: format.dateTime(new Date(access.expires_at), { dateStyle: 'long' }) })}
            </span>
          )}
        </span>
      </p>
      {!open && (
        <details className="group mt-1 text-sm">
          <summary className="flex min-h-11 cursor-pointer list-none items-center gap-2.5 font-semibold text-accent hover:text-accent-strong [&::-webkit-details-marker]:hidden">
            <CircleHelp className="size-5 shrink-0" aria-hidden />
            {t('whyNot.title')}
          </summary>
          <p className="pb-1 pl-7.5 text-muted">{t(`whyNot.${rule}`)}</p>
        </details>
      )}
    </>
  )
}
