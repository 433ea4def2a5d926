'use client'
import { MonitorPlay, Play, TriangleAlert } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'

const COUNT_DOWN_SECONDS = 8

/** Over the video, in place of it. */
export function Curtain({
  icon: Icon = TriangleAlert,
  title,
  children,
}: {
  icon?: typeof TriangleAlert
  title: string
  children?: React.ReactNode
}) {
  return (
    <div
      role="alert"
      className="absolute inset-0 z-10 grid content-center justify-items-center gap-2 overflow-y-auto bg-night/92 p-4 text-center text-white sm:gap-3"
    >
      <Icon className="size-6 text-glow sm:size-8" aria-hidden />
      <p className="max-w-md font-semibold text-balance sm:text-lg">{title}</p>
      {children && <div className="mt-1 flex flex-wrap justify-center gap-2">{children}</div>}
    </div>
  )
}

export function TakeOver({ lost, onTakeOver }: { lost: boolean; onTakeOver: () => void }) {
  const t = useTranslations('player')
  return (
    <Curtain icon={MonitorPlay} title={lost ? t('streamLost') : t('streamLimit')}>
      <Button onClick={onTakeOver}>{t('playHere')}</Button>
    </Curtain>
  )
}

/** Counts down to the next lesson. */
export function UpNext({ title, onGo, onStay }: { title: string; onGo: () => void; onStay: () => void }) {
  const t = useTranslations('player')
  const [left, setLeft] = useState(COUNT_DOWN_SECONDS)
  useEffect(() => {
    const timer = setInterval(() => setLeft((seconds) => seconds - 1), 1000)
    return () => clearInterval(timer)
  }, [])
  useEffect(() => {
    if (left <= 0) onGo()
  }, [left, onGo])
  return (
    <div
      role="group"
      aria-label={t('upNext')}
      className="absolute inset-0 z-10 grid content-center justify-items-center gap-2 bg-night/92 p-4 text-center text-white sm:gap-3"
    >
      <p className="text-sm text-white/80" role="status">
        {t('upNextIn', { seconds: Math.max(0, left) })}
      </p>
      <p className="max-w-lg text-lg font-bold text-balance sm:text-2xl">{title}</p>
      <div className="mt-2 flex flex-wrap justify-center gap-2">
        <Button onClick={onGo}>
          <Play className="size-4" aria-hidden />
          {t('playNow')}
        </Button>
        <Button tone="outline" onClick={onStay}>
          {t('stay')}
        </Button>
      </div>
    </div>
  )
}
