import { clsx } from 'clsx'

/** Keeps the place of what is still loading. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={clsx('animate-pulse rounded-xl bg-ink/8', className)} />
}
