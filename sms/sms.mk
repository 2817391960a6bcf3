# What the build generates for sms/: nothing.
sms_generated :=
sms_headers :=
