import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react'
import { clsx } from 'clsx'

const tones = {
  info: [Info, 'bg-raised text-ink'],
  good: [CircleCheck, 'bg-good-soft text-good'],
  warn: [TriangleAlert, 'bg-warn-soft text-warn'],
  bad: [CircleAlert, 'bg-bad-soft text-bad'],
} as const

type Props = { tone?: keyof typeof tones; className?: string; children: React.ReactNode }

/** Something to know, in its place on the page. What went wrong is spoken at once. */
export function Notice({ tone = 'info', className, children }: Props) {
  const [Icon, colours] = tones[tone]
  return (
    <div
      role={tone === 'bad' ? 'alert' : 'status'}
      className={clsx('flex gap-3 rounded-xl px-4 py-3', colours, className)}
    >
      <Icon className="mt-0.5 size-5 shrink-0" aria-hidden />
      <div className="min-w-0 flex-1 text-[0.9375rem] [overflow-wrap:anywhere]">{children}</div>
    </div>
  )
}
