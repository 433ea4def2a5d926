'use client'
import { useId, useState } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import type { components } from '@/lib/api/schema'
import { ChartCard } from './chart-card'

type Day = components['schemas']['DayCount']

const HEIGHT = 100

/** Enrolments as bars, a day each. */
export function EnrolmentChart({ days }: { days: Day[] }) {
  const t = useTranslations('studio.analytics')
  const format = useFormatter()
  const id = useId()
  const [shown, setShown] = useState<number | null>(null)
  // Days are UTC's, whatever the visitor's time zone is.
  const name = (date: string) =>
    format.dateTime(new Date(`${date}T00:00:00Z`), { dateStyle: 'medium', timeZone: 'UTC' })
  const most = Math.max(0, ...days.map(({ count }) => count))
  const total = days.reduce((sum, { count }) => sum + count, 0)
  const [first, last] = [days[0], days.at(-1)]
  if (!first || !last) return null
  const text = t('byDayText', { count: total, from: name(first.date), to: name(last.date), most })
  const marked = shown === null ? undefined : days[shown]
  return (
    <ChartCard
      title={t('byDay')}
      table={{
        caption: t('byDay'),
        heads: [t('day'), t('enrolments')],
        rows: days.map(({ date, count }) => ({ key: date, cells: [name(date), format.number(count)] })),
      }}
    >
      <p className="mt-1 min-h-6 text-sm text-muted tabular-nums">
        {marked ? `${name(marked.date)}: ${format.number(marked.count)}` : text}
      </p>
      <svg
        role="img"
        aria-labelledby={`${id}-title ${id}-text`}
        viewBox={`0 0 ${days.length * 10} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="mt-3 h-40 w-full border-b border-line text-accent"
        onPointerLeave={() => setShown(null)}
      >
        <title id={`${id}-title`}>{t('byDay')}</title>
        <desc id={`${id}-text`}>{text}</desc>
        {days.map(({ date, count }, index) => {
          const height = most === 0 ? 0 : (count / most) * (HEIGHT - 4)
          return (
            <g key={date} onPointerEnter={() => setShown(index)}>
              <rect x={index * 10} width={10} height={HEIGHT} fill="transparent" />
              <rect
                x={index * 10 + 1.5}
                y={HEIGHT - height}
                width={7}
                height={height}
                fill="currentColor"
                opacity={shown === null || shown === index ? 1 : 0.45}
              />
            </g>
          )
        })}
      </svg>
    </ChartCard>
  )
}
