import type { LucideIcon } from 'lucide-react'
import { clsx } from 'clsx'

type Props = {
  icon: LucideIcon
  title: string
  /** h1 where there is nothing else on the page. */
  heading?: 'h1' | 'h2'
  className?: string
  children?: React.ReactNode
  action?: React.ReactNode
}

/** What a page shows in place of what is not there: nothing yet, nothing found, not signed in, an error. */
export function Blank({ icon: Icon, title, heading: Heading = 'h2', className, children, action }: Props) {
  return (
    <section className={clsx('mx-auto grid max-w-md justify-items-center gap-3 px-5 py-16 text-center', className)}>
      <span className="grid size-14 place-items-center rounded-full bg-accent-soft text-accent-strong">
        <Icon className="size-6" aria-hidden />
      </span>
      <Heading className="text-xl font-bold">{title}</Heading>
      {children && <div className="text-muted">{children}</div>}
      {action && <div className="mt-3 flex flex-wrap justify-center gap-3">{action}</div>}
    </section>
  )
}
