# A queue that tells of each new object of a log bucket. It lies in the account and the region of the bucket.

terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.25, < 7.0"
    }
  }
}

data "aws_caller_identity" "this" {}

data "aws_partition" "this" {}

locals {
  fourteen_days = 1209600 # the most that SQS keeps a message
}

# Where a message ends that could not be worked off: it is no notification, or its object cannot be read.
resource "aws_sqs_queue" "dead_letters" {
  name                      = "${var.name}-dead-letters"
  sqs_managed_sse_enabled   = true
  message_retention_seconds = local.fourteen_days
}

resource "aws_sqs_queue" "this" {
  name                      = var.name
  sqs_managed_sse_enabled   = true
  message_retention_seconds = local.fourteen_days

  # The most there is. Corduroy tries a message again every two minutes: a permission that is missing may be missing for a day.
  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.dead_letters.arn, maxReceiveCount = 1000 })
}

resource "aws_sqs_queue_redrive_allow_policy" "dead_letters" {
  queue_url            = aws_sqs_queue.dead_letters.url
  redrive_allow_policy = jsonencode({ redrivePermission = "byQueue", sourceQueueArns = [aws_sqs_queue.this.arn] })
}

# S3 may send, for this bucket of this account. A message names an object that Corduroy then reads: nobody else is let in.
resource "aws_sqs_queue_policy" "this" {
  queue_url = aws_sqs_queue.this.url
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "s3.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = aws_sqs_queue.this.arn
      Condition = {
        ArnEquals    = { "aws:SourceArn" = "arn:${data.aws_partition.this.partition}:s3:::${var.bucket}" }
        StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.this.account_id }
      }
    }]
  })
}

resource "aws_s3_bucket_notification" "this" {
  count  = var.replace_notifications ? 1 : 0
  bucket = var.bucket

  queue {
    queue_arn     = aws_sqs_queue.this.arn
    events        = ["s3:ObjectCreated:*"]
    filter_prefix = var.prefix
  }

  # S3 asks whether it may send when the notification is made.
  depends_on = [aws_sqs_queue_policy.this]
}
