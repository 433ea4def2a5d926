'use client'
import { QueryTrouble } from '@/components/shell/query-trouble'
import { Skeleton } from '@/components/ui/skeleton'
import { useMe } from '@/lib/api/me'
import { DeleteAccount } from './delete-account'
import { ExportData } from './export-data'
import { ProfileForm } from './profile-form'

export function Profile() {
  const me = useMe()
  if (me.isError) return <QueryTrouble problem={me.error} onRetry={() => void me.refetch()} />
  return (
    <>
      {me.data ? <ProfileForm key={me.data.id} me={me.data} /> : <Skeleton className="h-[25.5rem] rounded-card" />}
      <ExportData />
      {me.data ? <DeleteAccount email={me.data.email} /> : <Skeleton className="h-44 rounded-card" />}
    </>
  )
}
