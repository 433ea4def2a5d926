'use client'
import { clsx } from 'clsx'
import type { LucideIcon } from 'lucide-react'
import Link from 'next/link'
import { usePathname } from 'next/navigation'

type Tab = {
  href: string
  name: string
  icon?: LucideIcon
  /** Below which path it stays marked. */
  within?: string
}
type Props = {
  label: string
  tabs: readonly Tab[]
  /** Whether they stand beside the page where there is room. */
  beside?: boolean
}

/** Pages that belong together, as a row of links that is swept sideways where it is too long. */
export function LinkTabs({ label, tabs, beside = false }: Props) {
  const path = usePathname()
  return (
    <nav
      aria-label={label}
      className={clsx(
        '-mx-5 flex gap-1 overflow-x-auto border-b border-line px-5 sm:mx-0 sm:px-0',
        beside && 'md:flex-col md:border-0',
      )}
    >
      {tabs.map(({ href, name, icon: Icon, within }) => {
        const isHere = path === href
        const isMarked = isHere || (within !== undefined && path.startsWith(within))
        return (
          <Link
            key={href}
            href={href}
            aria-current={isHere ? 'page' : isMarked ? 'true' : undefined}
            className={clsx(
              'flex h-12 shrink-0 items-center gap-2.5 border-b-2 px-3 text-[0.9375rem] font-semibold -outline-offset-2',
              beside ? 'md:h-11 md:rounded-xl md:border-0 md:px-4' : 'sm:px-4 sm:text-base',
              isMarked ? 'border-accent text-ink' : 'border-transparent text-muted hover:text-ink',
              beside && (isMarked ? 'md:bg-accent-soft md:text-accent-strong' : 'md:hover:bg-ink/7'),
            )}
          >
            {Icon && <Icon className="hidden size-4 sm:block" aria-hidden />}
            {name}
          </Link>
        )
      })}
    </nav>
  )
}
