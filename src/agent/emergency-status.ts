/** The car, for eCall. */
export interface ECallSettings {
  readonly vin: string;
  /** Its category by UNECE, as `M1`. */
  readonly vehicleType: string;
  /** What it drives by. */
  readonly propulsion: readonly string[];
}

/** How the data of a call for help get on. */
export interface ECallStatus {
  /** Nobody has examined this. */
  readonly certified: false;
  readonly data: /** They went out with the call. */
    | 'sent'
    /** The emergency service has said that it has them. */
    | 'received'
    /** It has said that it cannot read them, or that it takes none. */
    | 'refused';
  /** How often they were sent anew, because it asked for them. */
  readonly updates: number;
}

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
  /** The car, for `urn:service:sos.ecall`. */
  readonly eCall?: ECallSettings;
  /** The receiver that tells where the car is: a path, `udp:ADDRESS:PORT` or `tcp:ADDRESS:PORT`. */
  readonly nmea?: string;
  /** URL of the LoST server that knows who answers for services. */
  readonly lost?: string;
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
  /** Seconds since the position was told that was sent; absent when none was. */
  readonly positionAgeS?: number;
  /** The data of the car that went along with `urn:service:sos.ecall`. */
  readonly eCall?: ECallStatus;
  /** How the last call of it ended, in words; empty before. */
  readonly detail: string;
}
