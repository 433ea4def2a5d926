'use client'
import { useQuery } from '@tanstack/react-query'
import { CloudAlert, LockKeyhole, UserRound } from 'lucide-react'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useTranslations } from 'use-intl'
import { Blank } from '@/components/ui/blank'
import { Button, buttonStyles } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/skeleton'
import { api } from '@/lib/api/client'
import { answer, Problem } from '@/lib/api/problem'
import { useProblemWords } from '@/lib/api/words'

/** Shows what is within to operators alone. The API decides: this spares others a page of refusals. */
export function OperatorsOnly({ children }: { children: React.ReactNode }) {
  const t = useTranslations('common')
  const explain = useProblemWords()
  const pathname = usePathname()
  const me = useQuery({ queryKey: ['me'], queryFn: () => answer(api.GET('/api/v1/me')) })
  if (me.isPending) return <Skeleton className="h-64" />
  if (me.error instanceof Problem && me.error.status === 401)
    return (
      <Blank
        icon={UserRound}
        title={t('signedOutTitle')}
        action={
          <Link href={`/sign-in?next=${encodeURIComponent(pathname)}`} className={buttonStyles()}>
            {t('signIn')}
          </Link>
        }
      >
        {t('signedOutText')}
      </Blank>
    )
  if (me.error)
    return (
      <Blank
        icon={CloudAlert}
        title={t('errorTitle')}
        action={<Button onClick={() => void me.refetch()}>{t('retry')}</Button>}
      >
        {explain(me.error)}
      </Blank>
    )
  if (!me.data.roles.includes('operator'))
    return (
      <Blank
        icon={LockKeyhole}
        title={t('forbiddenTitle')}
        action={
          <Link href="/" className={buttonStyles({ tone: 'outline' })}>
            {t('home')}
          </Link>
        }
      >
        {t('forbiddenText')}
      </Blank>
    )
  return children
}
