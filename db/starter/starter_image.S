/* The built-in generation, made by make_image, as octets in the binary. */
    .section .rodata
    .globl starter_image, starter_image_end
    .balign 16
starter_image:
    .incbin STARTER_DB
starter_image_end:
    .byte 0
    .section .note.GNU-stack, "", %progbits
