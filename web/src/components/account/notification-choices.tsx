'use client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { QueryTrouble } from '@/components/shell/query-trouble'
import { Notice } from '@/components/ui/notice'
import { Skeleton } from '@/components/ui/skeleton'
import { Switch } from '@/components/ui/switch'
import { api } from '@/lib/api/client'
import { answer } from '@/lib/api/problem'
import type { components } from '@/lib/api/schema'
import { useProblemWords } from '@/lib/api/words'

type Settings = components['schemas']['NotificationSettings']
const kinds = ['receipt', 'enrolment', 'answer', 'certificate'] as const
const key = ['notifications'] as const

/** Shows a choice at once, and takes it back where it could not be kept. */
export function NotificationChoices() {
  const t = useTranslations('settings.notifications')
  const explain = useProblemWords()
  const queries = useQueryClient()
  const settings = useQuery({ queryKey: key, queryFn: () => answer(api.GET('/api/v1/me/notifications')) })
  const show = (changed: Partial<Settings>) =>
    queries.setQueryData<Settings>(key, (shown) => shown && { ...shown, ...changed })
  const choose = useMutation({
    mutationFn: (body: Partial<Settings>) => answer(api.PATCH('/api/v1/me/notifications', { body })),
    onMutate: async (body) => {
      await queries.cancelQueries({ queryKey: key })
      show(body)
    },
    onError: (_, body) => show(Object.fromEntries(Object.entries(body).map(([kind, wanted]) => [kind, !wanted]))),
  })

  if (settings.isError) return <QueryTrouble problem={settings.error} onRetry={() => void settings.refetch()} />
  return (
    <>
      {choose.isError && <Notice tone="bad">{explain(choose.error)}</Notice>}
      {settings.data ? (
        <ul className="divide-y divide-line rounded-card border border-line bg-surface px-5 shadow-card">
          {kinds.map((kind) => (
            <li key={kind}>
              <Switch
                label={t(`kinds.${kind}.name`)}
                hint={t(`kinds.${kind}.text`)}
                checked={settings.data[kind]}
                onChange={(wanted) => choose.mutate({ [kind]: wanted })}
              />
            </li>
          ))}
        </ul>
      ) : (
        <Skeleton className="h-[21.5rem] rounded-card" />
      )}
      <p className="text-sm text-muted">{t('always')}</p>
    </>
  )
}
