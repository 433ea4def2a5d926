'use client'
import { LockKeyhole } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'use-intl'
import { Loaded } from '@/components/shell/loaded'
import { Blank } from '@/components/ui/blank'
import { buttonStyles } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/skeleton'
import { useMe } from '@/lib/api/me'

/** Shows what is within to operators alone. The API decides: this spares others a page of refusals. */
export function OperatorsOnly({ children }: { children: React.ReactNode }) {
  const me = useMe()
  return (
    <Loaded query={me} skeleton={<Skeleton className="h-64" />}>
      {({ roles }) => (roles.includes('operator') ? children : <NoOperator />)}
    </Loaded>
  )
}

function NoOperator() {
  const t = useTranslations('common')
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
}
