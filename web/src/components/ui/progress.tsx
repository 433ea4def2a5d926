import { cn } from '@/lib/cn'

type Props = { percent: number; label: string; className?: string }

export function Progress({ percent, label, className }: Props) {
  const whole = Math.round(Math.min(100, Math.max(0, percent)))
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={whole}
      className={cn('h-2 overflow-hidden rounded-full bg-ink/10', className)}
    >
      <div className="h-full rounded-full bg-accent transition-[width]" style={{ width: `${whole}%` }} />
    </div>
  )
}
