'use client'
import { useTranslations } from 'use-intl'
import { Dialog, DialogContent } from '@/components/ui/dialog'

const rows = [
  ['toggle', ['Space', 'K']],
  ['step5', ['←', '→']],
  ['step10', ['J', 'L']],
  ['jump', ['0', '9']],
  ['ends', ['Home', 'End']],
  ['speed', ['<', '>']],
  ['volume', ['↑', '↓']],
  ['mute', ['M']],
  ['captions', ['C']],
  ['fullscreen', ['F']],
  ['note', ['N']],
  ['help', ['?']],
] as const

type Props = { open: boolean; onClose: () => void; keys: boolean; onKeys: (keys: boolean) => void }

export function ShortcutMap({ open, onClose, keys, onKeys }: Props) {
  const t = useTranslations('player')
  return (
    <Dialog open={open} onOpenChange={(next) => !next && onClose()}>
      <DialogContent title={t('shortcuts')}>
        <dl className="grid grid-cols-[auto_1fr] items-center gap-x-5 gap-y-2.5">
          {rows.map(([name, pressed]) => (
            <div key={name} className="contents">
              <dt className="flex gap-1.5">
                {pressed.map((key) => (
                  <kbd
                    key={key}
                    className="min-w-8 rounded-lg border border-line bg-raised px-2 py-0.5 text-center text-sm font-semibold"
                  >
                    {key === 'Space' ? t('space') : key}
                  </kbd>
                ))}
              </dt>
              <dd>{t(`keys.${name}`)}</dd>
            </div>
          ))}
        </dl>
        <label className="mt-5 flex min-h-11 items-center gap-3 border-t border-line pt-4">
          <input
            type="checkbox"
            checked={keys}
            onChange={({ currentTarget }) => onKeys(currentTarget.checked)}
            className="size-5 accent-accent"
          />
          {t('keysOn')}
        </label>
      </DialogContent>
    </Dialog>
  )
}
