'use client'
import { Check, Circle, LoaderCircle, Minus, X } from 'lucide-react'
import { useFormatter, useTranslations } from 'use-intl'
import type { Asset } from '@/components/studio/queries'
import { Notice } from '@/components/ui/notice'
import { Progress } from '@/components/ui/progress'
import { useLength } from './upload-words'

const marks = {
  pending: [Circle, 'text-muted'],
  running: [LoaderCircle, 'text-accent motion-safe:animate-spin'],
  done: [Check, 'text-good'],
  failed: [X, 'text-bad'],
  skipped: [Minus, 'text-muted'],
} as const

/** The seven steps that an upload goes through, which of them is under way, and what keeps it or went wrong. */
export function Steps({ title, asset }: { title: string; asset: Asset }) {
  const t = useTranslations('studio.media')
  const format = useFormatter()
  const length = useLength()
  const percent = (value: number) => format.number(value / 100, { style: 'percent' })
  const running = asset.state === 'processing' && asset.step
  const spoken = running ? t(`stepTexts.${running}`) : t(`state.${asset.state}`)
  return (
    <section aria-label={t('steps', { title })} className="grid gap-3">
      {(asset.state === 'processing' || asset.state === 'stalled') && (
        <div className="flex items-center gap-3">
          <Progress percent={asset.percent} label={t('steps', { title })} className="flex-1" />
          <span className="text-sm text-muted tabular-nums">
            {percent(asset.percent)}
            {asset.eta_seconds !== null && ` · ${t('left', { left: length(asset.eta_seconds * 1000) })}`}
          </span>
        </div>
      )}
      <p role="status" className="sr-only">
        {spoken}
      </p>
      <ol className="grid gap-x-4 gap-y-1 text-sm sm:grid-cols-2 lg:grid-cols-4">
        {asset.steps.map((step) => {
          const [Icon, colour] = marks[step.state]
          const name = t(`stepNames.${step.name}`)
          return (
            <li
              key={step.name}
              data-step={step.name}
              data-state={step.state}
              className="flex min-h-8 items-center gap-2"
            >
              <Icon className={`size-4 shrink-0 ${colour}`} aria-hidden />
              <span className={step.state === 'pending' ? 'text-muted' : 'font-medium'}>{name}</span>
              <span className="sr-only">{t(`stepStates.${step.state}`)}</span>
              {step.state === 'running' && <span className="text-muted tabular-nums">{percent(step.percent)}</span>}
              {step.attempt > 1 && <span className="text-muted">{t('attempt', { number: step.attempt })}</span>}
            </li>
          )
        })}
      </ol>
      {asset.waiting_for && <Notice tone="warn">{t(`waits.${asset.waiting_for}`)}</Notice>}
      {asset.state === 'stalled' && !asset.waiting_for && <Notice tone="warn">{t('stalledText')}</Notice>}
      {asset.error && <Fault code={asset.error.code} />}
    </section>
  )
}

function Fault({ code }: { code: string }) {
  const t = useTranslations('studio.media.errors')
  const known = code as Parameters<typeof t>[0]
  return <Notice tone="bad">{t.has(known) ? t(known) : t('other')}</Notice>
}
