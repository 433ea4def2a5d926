import { cn } from '@/lib/cn'

/** Keeps the place of what is still loading. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cn('animate-pulse rounded-xl bg-ink/8', className)} />
}
