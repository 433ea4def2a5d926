'use client'
import { useEffect, useRef } from 'react'
import { useFormatter, useNow, useTranslations } from 'use-intl'
import { DeviceIcon } from '@/components/devices/device-icon'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import type { Device, DeviceLimit } from '@/lib/auth/device-limit'
import { isInUse } from '@/lib/devices'

type Props = {
  limit: DeviceLimit
  busy: boolean
  trouble: React.ReactNode
  onChoose: (device: Device) => void
  onBack: () => void
}

/** In place of an error at the device limit: which device gives way for this one. The longest unused comes first. */
export function DevicePicker({ limit, busy, trouble, onChoose, onBack }: Props) {
  const t = useTranslations('auth')
  const format = useFormatter()
  const now = useNow({ updateInterval: 30_000 })
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => title.current?.focus(), [])
  const devices = limit.sessions.toSorted((one, other) => one.last_seen_at.localeCompare(other.last_seen_at))
  return (
    <section aria-labelledby="device-limit" className="grid gap-4">
      <div className="grid gap-1.5">
        <h2 id="device-limit" ref={title} tabIndex={-1} className="text-xl font-bold outline-none">
          {t('limit.title', { count: limit.limit })}
        </h2>
        <p className="text-muted">{t('limit.text')}</p>
      </div>
      {trouble}
      <ul className="divide-y divide-line rounded-xl border border-line">
        {devices.map((device, index) => (
          <li key={device.id} className="flex flex-wrap items-center gap-x-3 gap-y-2 p-3">
            <DeviceIcon os={device.os} />
            <div className="min-w-0 flex-1 basis-36">
              <p className="flex flex-wrap items-center gap-x-2 font-semibold">
                <span className="min-w-0 break-words">{device.label}</span>
                {index === 0 && devices.length > 1 && <Badge>{t('limit.longest')}</Badge>}
              </p>
              <p className="text-sm text-muted">
                {isInUse(device.last_seen_at, now.getTime())
                  ? t('limit.inUse')
                  : t('limit.lastSeen', { when: format.relativeTime(new Date(device.last_seen_at), now) })}
              </p>
            </div>
            <Button
              tone="outline"
              busy={busy}
              aria-label={t('limit.endNamed', { device: device.label })}
              onClick={() => onChoose(device)}
            >
              {t('limit.end')}
            </Button>
          </li>
        ))}
      </ul>
      <Button tone="ghost" onClick={onBack} className="justify-self-start">
        {t('limit.back')}
      </Button>
    </section>
  )
}
