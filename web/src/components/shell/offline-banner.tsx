'use client'
import { WifiOff } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { useOnline } from '@/lib/online'

export function OfflineBanner() {
  const t = useTranslations('common')
  if (useOnline()) return null
  return (
    <p
      role="status"
      className="fixed bottom-4 left-1/2 z-40 flex w-max max-w-[calc(100vw-2rem)] -translate-x-1/2 items-center gap-2 rounded-full bg-warn-soft px-5 py-3 text-sm font-semibold text-warn shadow-lift"
    >
      <WifiOff className="size-4 shrink-0" aria-hidden />
      {t('offline')}
    </p>
  )
}
