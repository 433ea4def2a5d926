import { Clock, GraduationCap, Languages, Signal, Star } from 'lucide-react'
import { Breadcrumb } from '@/components/catalog/breadcrumb'
import { getFormatter, getLocale, getTranslations } from '@/i18n/server'
import { initials } from '@/lib/catalog/course'
import type { CoursePage } from '@/lib/catalog/types'
import { lengthWords } from './length'

/** What a course is, on the night that is dark in both themes. */
export async function CourseHead({ course }: { course: CoursePage }) {
  const [t, format, locale] = [await getTranslations('catalog'), await getFormatter(), await getLocale()]
  const { average, count } = course.rating
  const lessons = t('lessons', { count: course.lesson_count })
  const language = new Intl.DisplayNames(locale, { type: 'language' }).of(course.language) ?? course.language
  return (
    <section className="bg-night text-white">
      <div className="mx-auto grid max-w-6xl gap-8 px-5 pt-6 pb-12 lg:min-h-90 lg:grid-cols-[minmax(0,1fr)_22rem] lg:gap-12 lg:pt-8 lg:pb-14">
        <div>
          <Breadcrumb
            className="text-white/75"
            trail={[
              { href: '/explore', words: t('exploreCrumb') },
              { href: `/categories/${course.category.slug}`, words: course.category.name },
            ]}
          />
          <h1 lang={course.language} className="mt-5 text-4xl leading-tight font-extrabold sm:text-5xl">
            {course.title}
          </h1>
          {course.subtitle && (
            <p lang={course.language} className="mt-4 max-w-xl text-lg leading-relaxed text-white/85">
              {course.subtitle}
            </p>
          )}
          <ul className="mt-6 flex flex-wrap items-center gap-x-5 gap-y-2.5 text-[0.9375rem] text-white/85">
            {average !== null && (
              <li className="inline-flex">
                <a href="#reviews" className="inline-flex items-center gap-1.5 underline-offset-4 hover:underline">
                  <Star className="size-4 fill-gold text-gold" aria-hidden />
                  <b className="text-white">{format.number(average, { minimumFractionDigits: 1 })}</b>
                  {t('ratings', { count })}
                </a>
              </li>
            )}
            <Fact icon={Clock}>
              {course.duration_ms > 0
                ? `${lengthWords(await getTranslations('common'), course.duration_ms)}, ${lessons}`
                : lessons}
            </Fact>
            <Fact icon={Signal}>{t(`levels.${course.level}`)}</Fact>
            <Fact icon={Languages}>{language}</Fact>
            {course.enrolment_count > 0 && (
              <Fact icon={GraduationCap}>{t('learners', { count: course.enrolment_count })}</Fact>
            )}
          </ul>
          <div className="mt-7 flex items-center gap-3">
            <span
              aria-hidden
              className="grid size-11 shrink-0 place-items-center rounded-full bg-glow font-bold text-night"
            >
              {initials(course.instructor.display_name)}
            </span>
            <p>
              <span className="block text-sm text-white/75">{t('instructor')}</span>
              <span className="font-semibold">{course.instructor.display_name}</span>
            </p>
          </div>
        </div>
      </div>
    </section>
  )
}

function Fact({ icon: Icon, children }: { icon: typeof Clock; children: React.ReactNode }) {
  return (
    <li className="inline-flex items-center gap-1.5">
      <Icon className="size-4 shrink-0" aria-hidden />
      {children}
    </li>
  )
}
