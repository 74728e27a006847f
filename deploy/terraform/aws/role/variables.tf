variable "name" {
  description = "The role's name."
  type        = string
  nullable    = false
  default     = "corduroy"

  validation {
    condition     = can(regex("^[A-Za-z0-9+=,.@_-]{1,64}$", var.name))
    error_message = "A role's name has letters, digits and +=,.@_-, and 64 of them at most."
  }
}

variable "principals" {
  description = "ARNs of the roles or users that the service itself runs as. They also need sts:AssumeRole on this role, in their own account."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.principals) > 0 && alltrue([for arn in var.principals : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)/[A-Za-z0-9+=,.@/_-]{1,512}$", arn))])
    error_message = "Name roles or users by their ARNs, such as arn:aws:iam::111122223333:role/corduroy-service. A whole account would let in all who may assume roles there."
  }
}

variable "queues" {
  description = "ARNs of the queues."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.queues) > 0 && alltrue([for arn in var.queues : can(regex("^arn:aws[a-z-]*:sqs:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,80}$", arn))])
    error_message = "Name queues by their ARNs, such as arn:aws:sqs:eu-west-1:111122223333:trail."
  }
}

variable "buckets" {
  description = "Names of the buckets whose objects the queues tell of."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.buckets) > 0 && alltrue([for bucket in var.buckets : can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", bucket))])
    error_message = "Name buckets by their names: no ARNs, no s3:// addresses, no *."
  }
}

variable "kms_keys" {
  description = "ARNs of the KMS keys by which the objects, or a queue of yours, are encrypted. Their key policies must let this account's policies decide, or name the role."
  type        = list(string)
  nullable    = false
  default     = []

  validation {
    condition     = alltrue([for arn in var.kms_keys : can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]{1,128}$", arn))])
    error_message = "Name keys by their ARNs, such as arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab. An alias will not do."
  }
}
