/** Whom an emergency call goes to, and how long each is waited for. */
export interface EmergencySettings {
  /** In turn; addresses, numbers or names of the phone book. */
  readonly calls: readonly string[];
  readonly ringSeconds: number;
  /** After the answer, for a key. */
  readonly confirmSeconds: number;
  /** How often the list is gone through. */
  readonly rounds: number;
  /** How long afterwards who was called is answered at once. */
  readonly callBackMinutes: number;
  /** A WAV file that who answers hears. */
  readonly announcement?: string;
}

/** How an emergency call gets on. */
export interface EmergencyStatus {
  readonly state: /** Somebody is being called. */
    | 'calling'
    /** Somebody, or a machine, has answered: a key is awaited. */
    | 'answered'
    /** It was somebody: he has pressed a key, or has called back, or it is an emergency number. */
    | 'confirmed'
    /** The next one is called in a moment. */
    | 'waiting'
    /** The call that was confirmed is over. */
    | 'ended'
    /** Nobody of the list could be reached. */
    | 'failed'
    | 'cancelled';
  /** Whom, as it is configured, or who has called back. */
  readonly to: string;
  readonly call?: number;
  /** From 1. */
  readonly round: number;
  /** How the last call of it ended, in words; empty before. */
  readonly detail: string;
}
