import type { LucideIcon } from 'lucide-react'
import { cn } from '@/lib/cn'

type Props = {
  icon: LucideIcon
  title: string
  className?: string
  children?: React.ReactNode
  action?: React.ReactNode
}

/** What a page shows in place of what is not there: nothing yet, nothing found, not signed in, an error. */
export function Blank({ icon: Icon, title, className, children, action }: Props) {
  return (
    <section className={cn('mx-auto grid max-w-md justify-items-center gap-3 px-5 py-16 text-center', className)}>
      <span className="grid size-14 place-items-center rounded-full bg-accent-soft text-accent-strong">
        <Icon className="size-6" aria-hidden />
      </span>
      <h2 className="text-xl font-bold">{title}</h2>
      {children && <div className="text-muted">{children}</div>}
      {action && <div className="mt-3 flex flex-wrap justify-center gap-3">{action}</div>}
    </section>
  )
}
