'use client'
import { Loaded } from '@/components/shell/loaded'
import { Skeleton } from '@/components/ui/skeleton'
import { UploadTray } from '@/components/upload/upload-tray'
import { useMe } from '@/lib/api/me'
import { StudioNav } from './studio-nav'
import { Teach } from './teach'

/** The studio, for instructors; to all others, what it is. */
export function Gate({ children }: { children: React.ReactNode }) {
  const me = useMe()
  return (
    <Loaded
      query={me}
      skeleton={
        <div className="mx-auto grid max-w-6xl gap-8 px-5 py-8">
          <Skeleton className="h-12 w-72" />
          <Skeleton className="h-96" />
        </div>
      }
    >
      {({ roles, email }) =>
        roles.includes('instructor') || roles.includes('operator') ? (
          <>
            <div key="studio" className="mx-auto max-w-6xl px-5 pt-4 pb-24">
              <StudioNav />
              {children}
            </div>
            <UploadTray />
          </>
        ) : (
          <Teach email={email} />
        )
      }
    </Loaded>
  )
}
