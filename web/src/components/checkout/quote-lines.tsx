'use client'
import Link from 'next/link'
import { useLocale, useTranslations } from 'use-intl'
import { Cover } from '@/components/course/cover'
import type { components } from '@/lib/api/schema'
import { formatMoney } from '@/lib/money'
import type { CheckoutCourse } from './checkout'

type Props = { lines: components['schemas']['QuoteLine'][]; course: CheckoutCourse }

export function QuoteLines({ lines, course }: Props) {
  const t = useTranslations('checkout')
  const locale = useLocale()
  return (
    <ul className="grid gap-4">
      {lines.map((line) => (
        <li key={line.course_id} className="flex gap-4">
          <Cover course={course} className="aspect-8/5 w-28 shrink-0 rounded-xl sm:w-36" />
          <div className="min-w-0 flex-1">
            <h2 className="leading-snug font-bold">
              <Link href={`/courses/${line.slug}`} className="hover:underline">
                {line.title}
              </Link>
            </h2>
            <p className="mt-0.5 text-sm text-muted">{t('by', { name: course.by })}</p>
            <p className="mt-2 font-semibold">{formatMoney(line.price, locale)}</p>
          </div>
        </li>
      ))}
    </ul>
  )
}
