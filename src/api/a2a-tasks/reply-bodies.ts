import { IsIn, IsString, MaxLength, MinLength } from 'class-validator';

/** Ends the question whether a tool may be called. */
export class ApprovalBody {
  @IsIn(['approved', 'rejected']) decision: 'approved' | 'rejected';
}

/** What the agent asked for, in a person's words. */
export class AnswerBody {
  @IsString() @MinLength(1) @MaxLength(1 << 20) text: string;
}
