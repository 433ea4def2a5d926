import { cookies } from 'next/headers'
import { signedInCookie } from '@/lib/api/marks'
import { SignedOut } from './signed-out'

/** Its children to who is signed in, and to all others the way to sign in. */
export async function MembersOnly({ children }: { children: React.ReactNode }) {
  return (await cookies()).has(signedInCookie) ? children : <SignedOut />
}
