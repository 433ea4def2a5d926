'use client'
import { Pencil } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import { inputStyles } from '@/components/ui/field'
import type { Device } from '@/lib/auth/device-limit'
import { clsx } from 'clsx'

/** A name that is edited where it stands: Enter keeps it, Escape leaves it as it was. */
export function DeviceName({ device, onRename }: { device: Device; onRename: (label: string) => void }) {
  const t = useTranslations('settings.devices')
  const common = useTranslations('common')
  const [isEdited, setEdited] = useState(false)
  const pencil = useRef<HTMLButtonElement>(null)

  function leave() {
    setEdited(false)
    requestAnimationFrame(() => pencil.current?.focus())
  }

  if (!isEdited)
    return (
      <span className="flex min-w-0 items-center">
        <span className="min-w-0 font-semibold break-words">{device.label}</span>
        <button
          ref={pencil}
          type="button"
          aria-label={t('rename', { device: device.label })}
          onClick={() => setEdited(true)}
          className="grid size-11 shrink-0 place-items-center rounded-full text-muted hover:bg-ink/7 hover:text-ink"
        >
          <Pencil className="size-4" aria-hidden />
        </button>
      </span>
    )
  return (
    <form
      className="flex w-full flex-wrap items-center gap-2 py-1"
      onKeyDown={(event) => {
        if (event.key === 'Escape') leave()
      }}
      onSubmit={(event) => {
        event.preventDefault()
        const label = String(new FormData(event.currentTarget).get('label')).trim()
        if (label && label !== device.label) onRename(label)
        leave()
      }}
    >
      <input
        name="label"
        aria-label={t('label')}
        defaultValue={device.label}
        maxLength={80}
        required
        autoFocus
        onFocus={(event) => event.currentTarget.select()}
        className={clsx(inputStyles, 'h-11 min-w-0 flex-1 basis-40')}
      />
      <Button type="submit">{common('save')}</Button>
      <Button tone="ghost" onClick={leave}>
        {common('cancel')}
      </Button>
    </form>
  )
}
