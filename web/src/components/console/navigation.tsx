'use client'
import { clsx } from 'clsx'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useTranslations } from 'use-intl'

const sections = [
  ['/console', 'overview'],
  ['/console/orders', 'orders'],
  ['/console/webhooks', 'webhooks'],
  ['/console/media', 'media'],
  ['/console/users', 'users'],
  ['/console/courses', 'courses'],
  ['/console/audit', 'audit'],
] as const

export function ConsoleNavigation() {
  const t = useTranslations('console')
  const pathname = usePathname()
  const isHere = (href: string) => (href === '/console' ? pathname === href : pathname.startsWith(href))
  return (
    <nav aria-label={t('sections')} className="-mx-5 mb-8 overflow-x-auto border-b border-line px-5 sm:mx-0 sm:px-0">
      <ul className="flex gap-1">
        {sections.map(([href, name]) => (
          <li key={href}>
            <Link
              href={href}
              aria-current={isHere(href) ? 'page' : undefined}
              className={clsx(
                'flex h-12 items-center border-b-2 px-4 font-semibold whitespace-nowrap -outline-offset-2',
                isHere(href) ? 'border-accent text-ink' : 'border-transparent text-muted hover:text-ink',
              )}
            >
              {t(name)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
