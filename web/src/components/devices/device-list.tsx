'use client'
import { useRef, useState } from 'react'
import { useNow, useTranslations } from 'use-intl'
import { QueryTrouble } from '@/components/shell/query-trouble'
import { Button } from '@/components/ui/button'
import { Dialog, DialogClose, DialogContent, DialogTrigger } from '@/components/ui/dialog'
import { Notice } from '@/components/ui/notice'
import { Skeleton } from '@/components/ui/skeleton'
import { useProblemWords } from '@/lib/api/words'
import { DeviceRow } from './device-row'
import { useDevices } from './use-devices'

export function DeviceList() {
  const t = useTranslations('settings.devices')
  const explain = useProblemWords()
  const now = useNow({ updateInterval: 30_000 })
  const { list, end, endOthers, rename } = useDevices()
  const [told, setTold] = useState('')
  const [problem, setProblem] = useState<{ what: string; cause: unknown }>()
  const status = useRef<HTMLParagraphElement>(null)

  if (list.isError) return <QueryTrouble problem={list.error} onRetry={() => void list.refetch()} />
  if (!list.data) return <Skeleton className="h-72 rounded-card" />

  // What is pressed goes away with its row: the focus moves to what tells so.
  const outcome = (done: string, failed: string) => {
    setTold('')
    setProblem(undefined)
    status.current?.focus()
    return {
      onSuccess: () => setTold(done),
      onError: (cause: unknown) => setProblem({ what: failed, cause }),
    }
  }
  // This device first, then by last use.
  const devices = list.data.items.toSorted(
    (one, other) => Number(other.current) - Number(one.current) || other.last_seen_at.localeCompare(one.last_seen_at),
  )
  return (
    <div className="grid gap-4">
      <p
        ref={status}
        role="status"
        tabIndex={-1}
        className="text-[0.9375rem] font-semibold text-good outline-none empty:-mb-4"
      >
        {told}
      </p>
      {problem && (
        <Notice tone="bad">
          {problem.what} {explain(problem.cause)}
        </Notice>
      )}
      <ul className="divide-y divide-line rounded-card border border-line bg-surface shadow-card">
        {devices.map((device) => (
          <DeviceRow
            key={device.id}
            device={device}
            now={now}
            onEnd={() =>
              end.mutate(device, outcome(t('ended', { device: device.label }), t('notEnded', { device: device.label })))
            }
            onRename={(label) =>
              rename.mutate(
                { device, label },
                {
                  onSuccess: () => setProblem(undefined),
                  onError: (cause) => setProblem({ what: t('notRenamed', { device: device.label }), cause }),
                },
              )
            }
          />
        ))}
      </ul>
      {devices.length > 1 && (
        <Dialog>
          <DialogTrigger render={<Button tone="danger" className="justify-self-start" />}>
            {t('endOthers')}
          </DialogTrigger>
          <DialogContent title={t('endOthersQuestion')} description={t('endOthersText')}>
            <div className="flex flex-wrap justify-end gap-3">
              <DialogClose render={<Button tone="ghost" />}>{t('keep')}</DialogClose>
              <DialogClose
                render={<Button tone="danger" />}
                onClick={() => endOthers.mutate(undefined, outcome(t('othersEnded'), t('othersNotEnded')))}
              >
                {t('endOthers')}
              </DialogClose>
            </div>
          </DialogContent>
        </Dialog>
      )}
    </div>
  )
}
