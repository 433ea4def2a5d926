'use client'
import { useFormatter, useTranslations } from 'use-intl'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import type { Device } from '@/lib/auth/device-limit'
import { isInUse } from '@/lib/devices'
import { DeviceIcon } from './device-icon'
import { DeviceName } from './device-name'

type Props = { device: Device; now: Date; onEnd: () => void; onRename: (label: string) => void }

export function DeviceRow({ device, now, onEnd, onRename }: Props) {
  const t = useTranslations('settings.devices')
  const format = useFormatter()
  const isNow = device.current || isInUse(device.last_seen_at, now.getTime())
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-3 p-4 sm:px-5">
      <DeviceIcon os={device.os} />
      <div className="min-w-0 flex-1 basis-52">
        <div className="flex flex-wrap items-center gap-x-2">
          <DeviceName device={device} onRename={onRename} />
          {device.current && <Badge tone="good">{t('thisDevice')}</Badge>}
        </div>
        <p className="text-sm text-muted">
          {t('described', { browser: device.browser, os: device.os })} · {device.ip}
        </p>
        <p className="text-sm text-muted">
          <time
            dateTime={device.last_seen_at}
            title={format.dateTime(new Date(device.last_seen_at), { dateStyle: 'medium', timeStyle: 'short' })}
          >
            {isNow ? t('inUse') : t('lastSeen', { when: format.relativeTime(new Date(device.last_seen_at), now) })}
          </time>
        </p>
      </div>
      {!device.current && (
        <Button tone="outline" aria-label={t('endNamed', { device: device.label })} onClick={onEnd}>
          {t('end')}
        </Button>
      )}
    </li>
  )
}
