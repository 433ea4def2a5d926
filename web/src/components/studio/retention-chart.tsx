'use client'
import { useId, useState } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { curve, sampled, type RetentionPoint } from '@/lib/studio/retention'
import { clock } from '@/lib/time'
import { ChartCard } from './chart-card'

const [WIDTH, HEIGHT] = [600, 200]
const MOST_ROWS = 40

/**
 * Which share of those who began saw each part of a video. The slider below, or the pointer above, tells the value of a
 * moment.
 */
export function RetentionChart({ title, points }: { title: string; points: RetentionPoint[] }) {
  const t = useTranslations('studio.analytics')
  const format = useFormatter()
  const id = useId()
  const [shown, setShown] = useState(0)
  const percent = (value: number) => format.number(value / 100, { style: 'percent' })
  const [first, last, point] = [points[0], points.at(-1), points[shown]]
  if (!first || !last || !point) return null
  const name = t('retentionOf', { title })
  const text = t('retentionText', { first: percent(first.percent), last: percent(last.percent) })
  const value = t('at', { time: clock(point.fromMs), learners: point.learners, percent: percent(point.percent) })
  const line = curve(
    points.map((each) => each.percent),
    WIDTH,
    HEIGHT,
  )
  const x = points.length === 1 ? WIDTH / 2 : (shown / (points.length - 1)) * WIDTH
  return (
    <ChartCard
      title={title}
      table={{
        caption: name,
        heads: [t('moment'), t('learners'), t('share')],
        rows: sampled(points, MOST_ROWS).map((each) => ({
          key: String(each.fromMs),
          cells: [clock(each.fromMs), format.number(each.learners), percent(each.percent)],
        })),
      }}
    >
      <p className="mt-1 text-sm text-muted">{text}</p>
      <div className="mt-4 grid grid-cols-[2.75rem_1fr] gap-x-2">
        <div className="flex flex-col justify-between text-right text-xs text-muted tabular-nums" aria-hidden>
          {[100, 50, 0].map((each) => (
            <span key={each} className="leading-none">
              {percent(each)}
            </span>
          ))}
        </div>
        <svg
          role="img"
          aria-labelledby={`${id}-title ${id}-text`}
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          className="h-52 w-full touch-pan-y overflow-visible text-accent"
          onPointerMove={(event) => {
            const box = event.currentTarget.getBoundingClientRect()
            const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width))
            setShown(Math.round(share * (points.length - 1)))
          }}
        >
          <title id={`${id}-title`}>{name}</title>
          <desc id={`${id}-text`}>{text}</desc>
          {[0, 100, 200].map((y) => (
            <line key={y} x1={0} x2={WIDTH} y1={y} y2={y} className="stroke-line" vectorEffect="non-scaling-stroke" />
          ))}
          <path d={`${line}V${HEIGHT}H0Z`} fill="currentColor" opacity={0.14} />
          <path d={line} fill="none" stroke="currentColor" strokeWidth={2.5} vectorEffect="non-scaling-stroke" />
          <line
            x1={x}
            x2={x}
            y1={0}
            y2={HEIGHT}
            className="stroke-ink"
            strokeDasharray="4 4"
            vectorEffect="non-scaling-stroke"
          />
        </svg>
        <div className="col-start-2">
          <input
            type="range"
            min={0}
            max={points.length - 1}
            value={shown}
            aria-label={t('moment')}
            aria-valuetext={value}
            onChange={(event) => setShown(Number(event.target.value))}
            className="block h-11 w-full accent-accent"
          />
          <p className="text-sm font-semibold tabular-nums" aria-hidden>
            {value}
          </p>
        </div>
      </div>
    </ChartCard>
  )
}
