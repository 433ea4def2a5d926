'use client'
import { Bell, KeyRound, MonitorSmartphone, UserRound } from 'lucide-react'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useTranslations } from 'use-intl'
import { clsx } from 'clsx'

const places = [
  ['profile', UserRound],
  ['devices', MonitorSmartphone],
  ['security', KeyRound],
  ['notifications', Bell],
] as const

/** Beside the page where there is room, above it as a row of tabs where there is not. */
export function SettingsNav() {
  const t = useTranslations('settings')
  const pathname = usePathname()
  return (
    <nav
      aria-label={t('title')}
      className="-mx-4 flex gap-1 overflow-x-auto border-b border-line px-4 md:mx-0 md:flex-col md:border-0 md:px-0"
    >
      {places.map(([name, Icon]) => {
        const href = `/settings/${name}`
        const isHere = pathname === href
        return (
          <Link
            key={name}
            href={href}
            aria-current={isHere ? 'page' : undefined}
            className={clsx(
              'flex h-12 shrink-0 items-center gap-2.5 border-b-2 px-3 text-[0.9375rem] font-semibold -outline-offset-2 md:h-11 md:rounded-xl md:border-0 md:px-4',
              isHere
                ? 'border-accent text-ink md:bg-accent-soft md:text-accent-strong'
                : 'border-transparent text-muted hover:text-ink md:hover:bg-ink/7',
            )}
          >
            <Icon className="hidden size-4 sm:block" aria-hidden />
            {t(`${name}.name`)}
          </Link>
        )
      })}
    </nav>
  )
}
