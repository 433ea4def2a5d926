'use client'
import { clsx } from 'clsx'
import Link from 'next/link'
import { usePathname } from 'next/navigation'

type Tab = { href: string; name: string; also?: string }

/** Pages that belong together, as a row of links. `also` are the paths below which a tab stays marked. */
export function NavTabs({ label, tabs }: { label: string; tabs: Tab[] }) {
  const path = usePathname()
  return (
    <nav aria-label={label} className="flex gap-1 overflow-x-auto border-b border-line">
      {tabs.map(({ href, name, also }) => {
        const here = path === href
        const within = here || (also !== undefined && path.startsWith(also))
        return (
          <Link
            key={href}
            href={href}
            aria-current={here ? 'page' : within ? 'true' : undefined}
            className={clsx(
              'inline-flex h-12 shrink-0 items-center border-b-2 px-2.5 text-[0.9375rem] font-semibold -outline-offset-2 sm:px-4 sm:text-base',
              within ? 'border-accent text-ink' : 'border-transparent text-muted hover:text-ink',
            )}
          >
            {name}
          </Link>
        )
      })}
    </nav>
  )
}
